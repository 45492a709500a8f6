import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causes, columnNames, type EventBatch, eventKinds, rules } from './events.ts';
import type { ToRenderer } from './messages.ts';
import {
  concatBatches,
  decodeBatch,
  decodeMessage,
  emptyBatch,
  encodeBatch,
  encodeMessage,
  makeColumns,
  WireError,
} from './wire.ts';

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const row = fc.record({
  time: fc.double({ noNaN: true, min: 0, max: 1e15 }),
  start: fc.maxSafeNat(),
  end: fc.maxSafeNat(),
  site: fc.maxSafeNat(),
  pid: u32,
  tid: u32,
  rights: u32,
  result: fc.integer(),
  keyBefore: fc.integer({ min: -1, max: 15 }),
  keyAfter: fc.integer({ min: -1, max: 15 }),
  kind: fc.nat(eventKinds.length - 1),
  protBefore: fc.nat(255),
  protAfter: fc.nat(255),
  cause: fc.nat(causes.length - 1),
  rule: fc.nat(rules.length - 1),
  flags: fc.nat(3),
});

const batch: fc.Arbitrary<EventBatch> = fc
  .record({
    rows: fc.array(row, { maxLength: 20 }),
    details: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 9 }),
    firstDetail: fc.integer({ min: 1, max: 1000 }),
  })
  .map(({ rows, details, firstDetail }) => {
    const columns = makeColumns(rows.length);
    rows.forEach((values, i) => {
      for (const [name, value] of Object.entries(values)) columns[name as keyof typeof values][i] = value;
      columns.detail[i] = details.length > 0 && i % 2 ? firstDetail + (i % details.length) : 0;
    });
    return { count: rows.length, columns, firstDetail, details };
  });

describe('batches on the wire', () => {
  it('come back as they went, from any alignment', () => {
    fc.assert(
      fc.property(batch, fc.nat(7), (sent, shift) => {
        const bytes = encodeBatch(sent);
        const room = new Uint8Array(bytes.length + shift);
        room.set(bytes, shift);
        expect(decodeBatch(room.subarray(shift))).toEqual(sent);
      }),
    );
  });

  it('decode to views of aligned bytes, without a copy', () => {
    const bytes = encodeBatch({ ...emptyBatch(), count: 3, columns: makeColumns(3) });
    const { columns } = decodeBatch(bytes);
    for (const name of columnNames) expect(columns[name].buffer, name).toBe(bytes.buffer);
  });

  it('concatenate to what one batch of all rows would be', () => {
    fc.assert(
      fc.property(batch, (sent) => {
        const after = { ...emptyBatch(sent.firstDetail + sent.details.length), details: ['"x"'] };
        const joined = concatBatches([sent, after, { ...emptyBatch(after.firstDetail + 1) }]);
        expect(joined).toEqual({ ...sent, details: [...sent.details, '"x"'] });
      }),
    );
    expect(() => concatBatches([emptyBatch(1), emptyBatch(5)])).toThrow('firstDetail: 5, 1 expected');
  });

  it('never decode damaged bytes to something silent: a WireError or a well-formed batch', () => {
    fc.assert(
      fc.property(batch, fc.nat(), fc.nat(255), (sent, at, value) => {
        const bytes = encodeBatch(sent);
        bytes[at % bytes.length] = value;
        try {
          expect(decodeBatch(bytes).columns.time).toHaveLength(decodeBatch(bytes).count);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });

  it('name the field that is wrong', () => {
    const one = (): Uint8Array => encodeBatch({ ...emptyBatch(), count: 1, columns: makeColumns(1), details: ['{}'] });
    const poke = (at: number, value: number): Uint8Array => {
      const bytes = one();
      new DataView(bytes.buffer).setUint32(at, value, true);
      return bytes;
    };
    expect(() => decodeBatch(new Uint8Array(4))).toThrow('header: 4 bytes, at least 20 needed');
    expect(() => decodeBatch(poke(0, 7))).toThrow('magic: 0x7 is no event batch');
    expect(() => decodeBatch(poke(4, 9))).toThrow('version: 9 is not known, only 1');
    expect(() => decodeBatch(poke(8, 1000))).toThrow(/^columns\.time: 8000 bytes at 32 reach past the end/);
    expect(() => decodeBatch(poke(16, 5000))).toThrow(/^json length: 5000 reaches past the end/);
    expect(() => decodeBatch(one().subarray(0, one().length - 8))).toThrow(/^columns\.flags/);
    const kind = makeColumns(1);
    kind.kind[0] = 200;
    expect(() => decodeBatch(encodeBatch({ ...emptyBatch(), count: 1, columns: kind }))).toThrow(
      'columns.kind[0]: unknown code 200',
    );
    const detail = makeColumns(1);
    detail.detail[0] = 3;
    expect(() => decodeBatch(encodeBatch({ ...emptyBatch(), count: 1, columns: detail }))).toThrow(
      'columns.detail[0]: 3 of 0 details',
    );
  });
});

describe('messages', () => {
  const messages: ToRenderer[] = [
    { type: 'hello', host: 'browser', version: '0.1.0', hasPku: false },
    { type: 'source', source: { kind: 'live', title: 'dav1d', launchPath: null } },
    { type: 'source', source: { kind: 'none' } },
    { type: 'failed', error: 'no such program' },
    { type: 'reply', id: 7, value: [{ a: 1 }] },
    { type: 'reply', id: 8, error: 'no' },
    { type: 'batch', batch: { ...emptyBatch(4), count: 2, columns: makeColumns(2), details: ['{"text":"ü"}'] } },
  ];
  it('come back as they went', () => {
    for (const message of messages) expect(decodeMessage(encodeMessage(message))).toEqual(message);
  });
  it('are refused by the field', () => {
    expect(() => decodeMessage('{')).toThrow(WireError);
    expect(() => decodeMessage('{"type":"hello","host":"moon","version":"1","hasPku":true}')).toThrow(
      /^message\.host: /,
    );
    expect(() => decodeMessage('{"type":"nonsense"}')).toThrow(/^message\.type: /);
  });
});
