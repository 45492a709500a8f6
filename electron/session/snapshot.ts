import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { strFromU8, strToU8, unzipSync, zip } from 'fflate';
import { z } from 'zod';
import type { EventBatch } from '../../core/contract/events.ts';
import { errorCode, messageOf, UserError } from './errors.ts';
import { packBatches, unpackBatches } from './pack.ts';
import type { Session } from './session.ts';

const VERSION = 1;
/** A log larger than this cannot be held in memory; a forged file may claim anything. */
const MAX_BYTES = 2 ** 31 - 1;

const header = z.object({ format: z.literal('keyhole'), version: z.int().min(1) });
const manifestSchema = header.extend({
  created: z.string(),
  keyholeVersion: z.string(),
  kernel: z.string(),
  rows: z.int().min(0),
  /** SHA-256 of events.bin: zip readers differ in whether they check their own sums. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Manifest = z.infer<typeof manifestSchema>;

export interface Snapshot {
  readonly manifest: Manifest;
  readonly batches: readonly EventBatch[];
}

/** The bytes of a `.keyhole` file: a zip of `manifest.json` and `events.bin`. */
export function encodeSnapshot(session: Session, keyholeVersion: string): Promise<Uint8Array> {
  const events = packBatches(session.log.batches);
  const manifest: Manifest = {
    format: 'keyhole',
    version: VERSION,
    created: session.origin.created ?? new Date().toISOString(),
    keyholeVersion,
    kernel: session.origin.kernel ?? release(),
    rows: session.log.rows,
    sha256: sha256(events),
  };
  const files = { 'manifest.json': strToU8(`${JSON.stringify(manifest, null, 2)}\n`), 'events.bin': events };
  return new Promise((resolve, reject) => {
    zip(files, { level: 6 }, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

/** Reads a snapshot out of its bytes. Every error is one line that begins with `name`. */
export function decodeSnapshot(bytes: Uint8Array, name: string): Snapshot {
  const files = unzip(bytes, name);
  const manifest = readManifest(files['manifest.json'], name);
  const events = files['events.bin'];
  if (!events) throw damaged(name, 'events.bin is missing');
  if (sha256(events) !== manifest.sha256) throw damaged(name, 'events.bin does not match its checksum');
  let batches: EventBatch[];
  try {
    batches = unpackBatches(events);
  } catch (thrown) {
    throw damaged(name, `events.bin: ${messageOf(thrown)}`);
  }
  const rows = batches.reduce((sum, batch) => sum + batch.count, 0);
  if (rows !== manifest.rows) throw damaged(name, `${rows} events, ${manifest.rows} expected`);
  return { manifest, batches };
}

/** Writes a snapshot; a failure leaves no half-written file behind. */
export async function saveSnapshot(session: Session, file: string, keyholeVersion: string): Promise<void> {
  const bytes = await encodeSnapshot(session, keyholeVersion);
  const partial = `${file}.partial`;
  try {
    writeFileSync(partial, bytes);
    renameSync(partial, file);
  } catch (thrown) {
    rmSync(partial, { force: true });
    throw new UserError(`${file}: cannot be written: ${messageOf(thrown)}`, 1);
  }
}

export function openSnapshot(file: string): Snapshot {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (thrown) {
    const why: Readonly<Record<string, string>> = {
      ENOENT: 'no such snapshot',
      ENOTDIR: 'no such snapshot',
      EISDIR: 'a folder; must be a snapshot (.keyhole)',
      EACCES: 'not readable',
    };
    throw new UserError(`${file}: ${why[errorCode(thrown) ?? ''] ?? messageOf(thrown)}`, 1);
  }
  return decodeSnapshot(bytes, file);
}

function unzip(bytes: Uint8Array, name: string): Record<string, Uint8Array> {
  if (strFromU8(bytes.subarray(0, 2), true) !== 'PK')
    throw another(name, bytes.length === 0 ? 'an empty file' : 'not a zip file');
  try {
    return unzipSync(bytes, {
      filter: (file) => {
        if (file.originalSize > MAX_BYTES) throw new Error(`${file.name} is too large (${file.originalSize} bytes)`);
        return file.name === 'manifest.json' || file.name === 'events.bin';
      },
    });
  } catch (thrown) {
    throw damaged(name, `cut short, or changed: ${messageOf(thrown)}`);
  }
}

function readManifest(bytes: Uint8Array | undefined, name: string): Manifest {
  if (!bytes) throw another(name, 'no manifest.json');
  let value: unknown;
  try {
    value = JSON.parse(strFromU8(bytes));
  } catch (thrown) {
    throw damaged(name, `manifest.json: ${messageOf(thrown)}`);
  }
  const head = header.safeParse(value);
  if (!head.success) throw another(name, 'manifest.json has another format');
  if (head.data.version > VERSION) {
    throw new UserError(
      `${name}: format version ${head.data.version}, this Keyhole reads up to ${VERSION}; a newer Keyhole opens it`,
      1,
    );
  }
  const manifest = manifestSchema.safeParse(value);
  if (manifest.success) return manifest.data;
  const issue = manifest.error.issues[0];
  throw damaged(name, `manifest.json: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** Each says what can be done about it. */
const damaged = (name: string, why: string): UserError =>
  new UserError(`${name}: damaged: ${why}; copy it anew from where it was saved`, 1);
const another = (name: string, why: string): UserError =>
  new UserError(`${name}: not a Keyhole snapshot (${why}); "Save snapshot" and "keyhole record -o FILE" write one`, 1);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
