/** What a rights value (PKRU) allows, in words, cells and letters. */
import { asKey, KEY_COUNT, type Key, type Pkru } from '../contract/ids.ts';

export type CellRight = 'open' | 'read' | 'closed' | 'unknown';

/** Both bits of a key: what the thread may do with pages of that key. */
export function rightOf(rights: Pkru | null, key: number): CellRight {
  if (rights === null) return 'unknown';
  const bits = (rights >>> (2 * key)) & 3;
  return bits === 0 ? 'open' : bits === 2 ? 'read' : 'closed';
}

/** The 16 cells of a rights value, key 0 first. */
export const rightsCells = (rights: Pkru | null): readonly CellRight[] =>
  Array.from({ length: KEY_COUNT }, (_, key) => rightOf(rights, key));

/** Rights with one key changed. */
export function withRight(rights: number, key: number, right: Exclude<CellRight, 'unknown'>): number {
  const bits = { open: 0, read: 2, closed: 3 }[right];
  // Multiplied, not shifted: key 15 reaches the sign bit.
  return rights - ((rights >>> (2 * key)) & 3) * 4 ** key + bits * 4 ** key;
}

export const mayRead = (rights: Pkru, key: number): boolean => ((rights >>> (2 * key)) & 1) === 0;
export const mayWrite = (rights: Pkru, key: number): boolean => ((rights >>> (2 * key)) & 3) === 0;

/** Rights with keys 0 and `key` open and all others closed. */
export const onlyRights = (key: number): Pkru => (~((3 << (2 * key)) | 3) >>> 0) as Pkru;

/** The compartment a rights value names (T6): null when it names none. */
export function compartmentOf(rights: Pkru | null): Key | null {
  if (rights === null) return null;
  if (rights === 0 || rights === 0x55555554 || rights === 0x55555550) return asKey(0);
  for (let key = 0; key < KEY_COUNT; key++) if (rights === onlyRights(key)) return asKey(key);
  return null;
}

/** `1`, `1 and 2`, `1, 2 and 5`; four or more neighbours in a row become `4 to 15`. */
function listKeys(keys: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < keys.length; i++) {
    let j = i;
    while (keys[j + 1] === (keys[j] ?? 0) + 1) j++;
    if (j - i >= 3) {
      parts.push(`${keys[i]} to ${keys[j]}`);
      i = j;
    } else {
      parts.push(`${keys[i]}`);
    }
  }
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

const noun = (keys: readonly number[]): string => (keys.length === 1 ? 'key' : 'keys');

/** `keys 0 and 2 open`, `key 0 open, key 3 read-only`, `all keys open`, `no key open`, `unknown`. */
export function rightsWords(rights: Pkru | null): string {
  if (rights === null) return 'unknown';
  const cells = rightsCells(rights);
  const of = (right: CellRight): number[] => cells.flatMap((cell, key) => (cell === right ? [key] : []));
  const open = of('open');
  const read = of('read');
  if (open.length === KEY_COUNT) return 'all keys open';
  if (read.length === KEY_COUNT) return 'all keys read-only';
  const words = open.length === 0 ? [] : [`${noun(open)} ${listKeys(open)} open`];
  if (read.length > 0) words.push(`${noun(read)} ${listKeys(read)} read-only`);
  return words.length === 0 ? 'no key open' : words.join(', ');
}

/** `0xffffffcc`, always eight digits; `unknown` when it was never read. */
export const rightsHex = (rights: Pkru | null): string =>
  rights === null ? 'unknown' : `0x${rights.toString(16).padStart(8, '0')}`;

/** What a rights band shows: one key (its letter), several, every key, or that nobody knows. */
export type Band =
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'several' | 'open' | 'none' | 'unknown' };

/** The compartment beside key 0 that is open; key 0 alone is `key 0`; no key at all is `none`. */
export function bandOf(rights: Pkru | null): Band {
  if (rights === null) return { kind: 'unknown' };
  if (rights === 0) return { kind: 'open' };
  let found = -1;
  for (let key = 1; key < KEY_COUNT; key++) {
    if (!mayRead(rights, key)) continue;
    if (found > 0) return { kind: 'several' };
    found = key;
  }
  if (found > 0) return { kind: 'key', key: asKey(found) };
  return mayRead(rights, 0) ? { kind: 'key', key: asKey(0) } : { kind: 'none' };
}
