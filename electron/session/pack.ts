import type { EventBatch } from '../../core/contract/events.ts';
import { concatBatches, decodeBatch, encodeBatch } from '../../core/contract/wire.ts';

/** Small batches are merged up to this many rows, so that a long run does not become thousands of frames. */
const FRAME_ROWS = 1 << 16;
/** `[u32 length][u32 zero]` before each batch; 8 bytes, so that decoding stays aligned. */
const PREFIX = 8;

/** `events.bin`: a sequence of frames, each one encoded batch behind its length. */
export function packBatches(batches: readonly EventBatch[]): Uint8Array {
  const frames = groups(batches).map((group) => encodeBatch(concatBatches(group)));
  const bytes = new Uint8Array(frames.reduce((size, frame) => size + PREFIX + frame.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const frame of frames) {
    view.setUint32(at, frame.length, true);
    bytes.set(frame, at + PREFIX);
    at += PREFIX + frame.length;
  }
  return bytes;
}

/** The batches in the bytes of `events.bin`. Throws an Error that says what is wrong where. */
export function unpackBatches(bytes: Uint8Array): EventBatch[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const batches: EventBatch[] = [];
  let details = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = at + PREFIX <= bytes.length ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    if (at + PREFIX + length > bytes.length) throw new Error(`cut short at byte ${at}`);
    const batch = decodeBatch(bytes.subarray(at + PREFIX, at + PREFIX + length));
    if (batch.firstDetail !== details + 1)
      throw new Error(`details go on at ${batch.firstDetail}, ${details + 1} expected`);
    details += batch.details.length;
    batches.push(batch);
    at += PREFIX + length;
  }
  return batches;
}

function groups(batches: readonly EventBatch[]): EventBatch[][] {
  const result: EventBatch[][] = [];
  let rows = 0;
  for (const batch of batches) {
    const last = result.at(-1);
    if (last && rows + batch.count <= FRAME_ROWS) {
      last.push(batch);
      rows += batch.count;
    } else {
      result.push([batch]);
      rows = batch.count;
    }
  }
  return result;
}
