/** The sixteen keys: who owns each, and how much memory has it, now and over time. */
import { UNKNOWN_PROT } from '../contract/events.ts';
import { asKey, KEY_COUNT, type Key, PAGE } from '../contract/ids.ts';
import type { History } from './history.ts';
import { mappingTable } from './mappingLabels.ts';
import { compartmentName, keyLetter } from './names.ts';
import { keyOf, mappedOf, restOf } from './regionChunk.ts';
import type { KeyAllocation, Region, Space } from './space.ts';
import type { World } from './world.ts';

export interface KeyRow {
  readonly key: Key;
  readonly letter: string;
  /** Compartment; `shared` for key 0; null where nobody owns the key. */
  readonly name: string | null;
  /** By `pkey_alloc`; null where no such call was seen. */
  readonly allocated: KeyAllocation | null;
  /** Every mapped page with the key, and those among them that are writable. */
  readonly pages: number;
  readonly bytes: number;
  readonly writablePages: number;
  readonly writableBytes: number;
  /** Neither owned, nor allocated, nor on any page. */
  readonly free: boolean;
}

/** All sixteen keys of an address space, key 0 first. */
export function keyTable(world: World, space: Space | null): readonly KeyRow[] {
  const bytes = new Float64Array(KEY_COUNT);
  const writable = new Float64Array(KEY_COUNT);
  if (space) countBytes(space, bytes, writable);
  const allocations = space?.keys ?? [];
  return Array.from({ length: KEY_COUNT }, (_, key) => {
    const name = compartmentName(world.session, key);
    const allocated = allocations.find((allocation) => allocation.key === key) ?? null;
    const all = bytes[key] ?? 0;
    const write = writable[key] ?? 0;
    return {
      key: asKey(key),
      letter: keyLetter(key),
      name,
      allocated,
      pages: all / PAGE,
      bytes: all,
      writablePages: write / PAGE,
      writableBytes: write,
      free: name === null && allocated === null && all === 0,
    };
  });
}

function countBytes(space: Space, bytes: Float64Array, writable: Float64Array): void {
  for (const chunk of space.chunks) {
    for (let i = 0; i < chunk.length; i++) {
      const key = chunk.key(i);
      if (key < 0) continue;
      const size = chunk.end(i) - chunk.start(i);
      bytes[key] = (bytes[key] ?? 0) + size;
      const prot = chunk.prot(i);
      if (prot !== UNKNOWN_PROT && prot & 2) writable[key] = (writable[key] ?? 0) + size;
    }
  }
}

/** Writable bytes of each key at one instant; index = key. */
export interface KeyBytes {
  readonly time: number;
  readonly bytes: readonly number[];
}

/** Writable bytes by key of the main address space at `bins + 1` instants over a range of time, for a chart. */
export function bytesOverTime(history: History, from: number, to: number, bins: number): readonly KeyBytes[] {
  return Array.from({ length: bins + 1 }, (_, i) => {
    const time = from + ((to - from) * i) / bins;
    const writable = new Float64Array(KEY_COUNT);
    const space = history.atTime(time).main;
    if (space) countBytes(space, new Float64Array(KEY_COUNT), writable);
    return { time, bytes: [...writable] };
  });
}

/** Bytes by key of everything mapped under one name (`[heap]`, a file); index = key, unknown keys last. */
export function bytesOfMapping(space: Space, name: string): Float64Array {
  const bytes = new Float64Array(KEY_COUNT + 1);
  const mappings = mappingTable(space.log);
  for (const chunk of space.chunks) {
    for (let i = 0; i < chunk.length; i++) {
      const what = chunk.what(i);
      const mapped = mappedOf(what);
      if (mappings.of(mapped, chunk.words(i)).name !== name) continue;
      const key = keyOf(restOf(what, mapped));
      const at = key < 0 ? KEY_COUNT : key;
      bytes[at] = (bytes[at] ?? 0) + chunk.end(i) - chunk.start(i);
    }
  }
  return bytes;
}

/** The largest regions of a key that can be used at all, largest first and at most `most`; and how many there are. */
export function largestOfKey(
  space: Space,
  key: Key,
  most: number,
): { readonly count: number; readonly regions: readonly Region[] } {
  const found: { start: number; size: number }[] = [];
  let count = 0;
  for (const chunk of space.chunks) {
    for (let i = 0; i < chunk.length; i++) {
      const prot = chunk.prot(i);
      if (chunk.key(i) !== key || prot === 0 || prot === UNKNOWN_PROT) continue;
      count++;
      const size = chunk.end(i) - chunk.start(i);
      if (found.length === most && size <= (found.at(-1)?.size ?? 0)) continue;
      const at = found.findIndex((other) => other.size < size);
      found.splice(at < 0 ? found.length : at, 0, { start: chunk.start(i), size });
      found.length = Math.min(found.length, most);
    }
  }
  return { count, regions: found.flatMap(({ start }) => space.at(start) ?? []) };
}
