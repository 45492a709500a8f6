/**
 * The binary form of an event batch and the envelope around messages. Little-endian:
 * `[u32 magic][u32 version][u32 count][u32 firstDetail][u32 json length][json][columns in contract order]`;
 * the JSON (an array of detail strings) and every column are padded to 8 bytes, so that decoding is views, not copies.
 */
import { z } from 'zod';
import {
  type ColumnName,
  type Columns,
  causes,
  columnNames,
  type EventBatch,
  eventColumns,
  eventKinds,
  rules,
} from './events.ts';
import type { ToRenderer } from './messages.ts';

export const WIRE_MAGIC = 0x4c48454b; // "KEHL"
export const WIRE_VERSION = 1;
const HEADER = 20;

/** Bytes that are no batch or message of ours; `field` names what is wrong. */
export class WireError extends Error {
  readonly field: string;
  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`);
    this.name = 'WireError';
    this.field = field;
  }
}

const pad8 = (n: number): number => (n + 7) & ~7;

/** A batch of no rows; `firstDetail` is the number the next detail would have. */
export const emptyBatch = (firstDetail = 1): EventBatch => ({
  count: 0,
  columns: makeColumns(0),
  firstDetail,
  details: [],
});

/** Zeroed columns of `count` rows. */
export const makeColumns = (count: number): Columns =>
  Object.fromEntries(columnNames.map((name) => [name, new eventColumns[name](count)])) as unknown as Columns;

const jsonOffset = HEADER;
const columnsOffset = (jsonLength: number): number => pad8(jsonOffset + jsonLength);

/** The bytes of a batch. Columns may be longer than `count`; only the first `count` rows are written. */
export function encodeBatch(batch: EventBatch): Uint8Array {
  const { count, columns } = batch;
  const json = new TextEncoder().encode(JSON.stringify(batch.details));
  let size = columnsOffset(json.length);
  for (const name of columnNames) size += pad8(count * eventColumns[name].BYTES_PER_ELEMENT);
  const bytes = new Uint8Array(size);
  const head = new DataView(bytes.buffer);
  [WIRE_MAGIC, WIRE_VERSION, count, batch.firstDetail, json.length].forEach((n, i) => {
    head.setUint32(4 * i, n, true);
  });
  bytes.set(json, jsonOffset);
  let at = columnsOffset(json.length);
  for (const name of columnNames) {
    const column = columns[name];
    if (column.length < count) throw new WireError(`columns.${name}`, `${column.length} rows of ${count}`);
    const length = count * column.BYTES_PER_ELEMENT;
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, length), at);
    at += pad8(length);
  }
  return bytes;
}

/** A batch over the given bytes: views where they are 8-aligned, else over one copy. Throws WireError. */
export function decodeBatch(bytes: Uint8Array): EventBatch {
  if (bytes.byteLength < HEADER) throw new WireError('header', `${bytes.byteLength} bytes, at least ${HEADER} needed`);
  // A copy by hand: the slice() of a Node Buffer would be a view again.
  const source = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const head = new DataView(source.buffer, source.byteOffset, HEADER);
  const u32 = (i: number): number => head.getUint32(4 * i, true);
  if (u32(0) !== WIRE_MAGIC) throw new WireError('magic', `0x${u32(0).toString(16)} is no event batch`);
  if (u32(1) !== WIRE_VERSION) throw new WireError('version', `${u32(1)} is not known, only ${WIRE_VERSION}`);
  const count = u32(2);
  const firstDetail = u32(3);
  if (firstDetail < 1) throw new WireError('firstDetail', 'must be at least 1');
  const jsonLength = u32(4);
  if (jsonOffset + jsonLength > source.byteLength) {
    throw new WireError('json length', `${jsonLength} reaches past the end (${source.byteLength} bytes)`);
  }
  const details = parseDetails(source.subarray(jsonOffset, jsonOffset + jsonLength));
  const columns: Partial<Record<ColumnName, Columns[ColumnName]>> = {};
  let at = columnsOffset(jsonLength);
  for (const name of columnNames) {
    const length = count * eventColumns[name].BYTES_PER_ELEMENT;
    if (at + length > source.byteLength) {
      throw new WireError(
        `columns.${name}`,
        `${length} bytes at ${at} reach past the end (${source.byteLength} bytes)`,
      );
    }
    columns[name] = new eventColumns[name](source.buffer as ArrayBuffer, source.byteOffset + at, count);
    at += pad8(length);
  }
  if (at !== source.byteLength) throw new WireError('length', `${source.byteLength} bytes, ${at} expected`);
  const batch: EventBatch = { count, columns: columns as Columns, firstDetail, details };
  checkCodes(batch);
  return batch;
}

function parseDetails(json: Uint8Array): string[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (error) {
    throw new WireError('json', error instanceof Error ? error.message : String(error));
  }
  if (!Array.isArray(value)) throw new WireError('json', 'must be an array of strings');
  const bad = value.findIndex((detail) => typeof detail !== 'string');
  if (bad >= 0) throw new WireError(`json[${bad}]`, 'must be a string');
  return value as string[];
}

/** Throws WireError where a code column holds a number its list does not have, or a row names a detail that is not there yet. */
export function checkCodes(batch: EventBatch): void {
  const lists = { kind: eventKinds.length, cause: causes.length, rule: rules.length } as const;
  const details = batch.firstDetail + batch.details.length;
  for (const [name, length] of Object.entries(lists) as [keyof typeof lists, number][]) {
    const column = batch.columns[name];
    for (let row = 0; row < batch.count; row++) {
      if ((column[row] ?? 0) >= length) throw new WireError(`columns.${name}[${row}]`, `unknown code ${column[row]}`);
    }
  }
  for (let row = 0; row < batch.count; row++) {
    const detail = batch.columns.detail[row] ?? 0;
    if (detail >= details) throw new WireError(`columns.detail[${row}]`, `${detail} of ${details - 1} details`);
  }
}

/** One batch of several that follow each other. */
export function concatBatches(batches: readonly EventBatch[]): EventBatch {
  const first = batches[0];
  if (!first) return emptyBatch();
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  const columns = makeColumns(count);
  const details: string[] = [];
  let row = 0;
  for (const batch of batches) {
    if (batch.firstDetail !== first.firstDetail + details.length) {
      throw new WireError('firstDetail', `${batch.firstDetail}, ${first.firstDetail + details.length} expected`);
    }
    for (const name of columnNames) columns[name].set(batch.columns[name].subarray(0, batch.count), row);
    for (const detail of batch.details) details.push(detail);
    row += batch.count;
  }
  return { count, columns, firstDetail: first.firstDetail, details };
}

const source = z.union([
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('live'), title: z.string(), launchPath: z.string().nullable() }),
  z.object({ kind: z.literal('snapshot'), title: z.string(), rows: z.int() }),
]);
const textMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    host: z.enum(['electron', 'browser']),
    version: z.string(),
    hasPku: z.boolean(),
  }),
  z.object({ type: z.literal('source'), source, log: z.string().optional() }),
  z.object({ type: z.literal('failed'), error: z.string() }),
  z.object({ type: z.literal('reply'), id: z.int(), error: z.string().exactOptional(), value: z.unknown().optional() }),
]);

/** A message as it travels: JSON text, or bytes for a batch. */
export const encodeMessage = (message: ToRenderer): string | Uint8Array =>
  message.type === 'batch' ? encodeBatch(message.batch) : JSON.stringify(message);

/** The message in the given text or bytes. Throws WireError. */
export function decodeMessage(data: string | Uint8Array | ArrayBuffer): ToRenderer {
  if (typeof data !== 'string') {
    return { type: 'batch', batch: decodeBatch(data instanceof Uint8Array ? data : new Uint8Array(data)) };
  }
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (error) {
    throw new WireError('message', error instanceof Error ? error.message : String(error));
  }
  const parsed = textMessage.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new WireError(['message', ...(issue?.path ?? [])].map(String).join('.'), issue?.message ?? 'not a message');
}
