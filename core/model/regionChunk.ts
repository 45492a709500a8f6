/**
 * A run of neighbouring regions in one small array, four numbers a region; the unit that region maps share and copy
 * on write. A plain array of doubles: unlike a typed array it lives in the collector's own heap, where a copy costs a
 * tenth, and tens of thousands of small ones are nothing.
 */
export const CHUNK_ROOM = 32;
const WIDTH = 4;
const START = 0;
const END = 1;
/** Row of the last tag (-1 = never tagged) and the words of the `map` event, in one exact number. */
const SAID = 2;
/** Row of the `map` event, protection (0 to 255) and key (-1 to 15) in one exact number. */
const WHAT = 3;

const PACKED = 8192;
/** More than the row of any tag, plus one. */
const ROWS = 2 ** 32;
/** Words whose number has no room beside a row. */
const FAR_WORDS = 2 ** 21 - 1;

/** What `RegionChunk.what` says of the mapping's row. */
export const mappedOf = (what: number): number => Math.floor(what / PACKED);
/** Protection and key in the low bits, once the row is known. */
export const restOf = (what: number, mapped: number): number => what - mapped * PACKED;
export const protOf = (rest: number): number => rest >>> 5;
export const keyOf = (rest: number): number => (rest & 31) - 1;

/** One exact number for the row of the `map` event, protection and key. */
export const whatOf = (mapped: number, prot: number, key: number): number => mapped * PACKED + prot * 32 + key + 1;

/** One exact number for the words of the `map` event (`EventLog.mapWords`) and the row of the last tag. */
export const saidOf = (words: number, tagged: number): number => Math.min(words, FAR_WORDS) * ROWS + tagged + 1;

export class RegionChunk {
  /** The map that may change this chunk; any other copies it first. */
  readonly owner: object;
  length: number;
  readonly #data: number[];

  constructor(owner: object, from?: RegionChunk) {
    this.owner = owner;
    this.length = from ? from.length : 0;
    this.#data = from ? from.#data.slice() : [];
  }

  start(i: number): number {
    return this.#data[i * WIDTH + START] ?? 0;
  }

  end(i: number): number {
    return this.#data[i * WIDTH + END] ?? 0;
  }

  tagged(i: number): number {
    const said = this.said(i);
    return said - Math.floor(said / ROWS) * ROWS - 1;
  }

  /**
   * Number of what the `map` event says; -1 where it is too large to be kept here. It lies with the region because the
   * rows that all regions come from lie anywhere in a long log: a look at each costs more than everything else.
   */
  words(i: number): number {
    const words = Math.floor(this.said(i) / ROWS);
    return words === FAR_WORDS ? -1 : words;
  }

  mapped(i: number): number {
    return mappedOf(this.what(i));
  }

  prot(i: number): number {
    return this.#packed(i) >>> 5;
  }

  key(i: number): number {
    return (this.#packed(i) & 31) - 1;
  }

  /** As `whatOf` makes it, for loops over all memory: `mappedOf` and the rest read it. */
  what(i: number): number {
    return this.#data[i * WIDTH + WHAT] ?? 0;
  }

  /** As `saidOf` makes it. */
  said(i: number): number {
    return this.#data[i * WIDTH + SAID] ?? 0;
  }

  /** Protection and key. No `%`: of numbers past 32 bits it costs more than all the rest of a look at a region. */
  #packed(i: number): number {
    const what = this.what(i);
    return restOf(what, mappedOf(what));
  }

  setEnd(i: number, end: number): void {
    this.#data[i * WIDTH + END] = end;
  }

  setProt(i: number, prot: number): void {
    this.#data[i * WIDTH + WHAT] = whatOf(this.mapped(i), prot, this.key(i));
  }

  setKey(i: number, key: number, row: number): void {
    this.#data[i * WIDTH + WHAT] = whatOf(this.mapped(i), this.prot(i), key);
    this.#data[i * WIDTH + SAID] = Math.floor(this.said(i) / ROWS) * ROWS + row + 1;
  }

  /** Whether region `j` of `other` could be one with region `i`, which it follows. */
  joins(i: number, other: RegionChunk, j: number): boolean {
    const [a, b] = [i * WIDTH, j * WIDTH];
    return (
      this.#data[a + END] === other.#data[b + START] &&
      this.#data[a + WHAT] === other.#data[b + WHAT] &&
      this.#data[a + SAID] === other.#data[b + SAID]
    );
  }

  /** Position of the first region that ends after `addr`; `length` when there is none. */
  seek(addr: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#data[middle * WIDTH + END] ?? 0) > addr) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Inserts a region before position `at`; the caller has checked that there is room. */
  insert(at: number, start: number, end: number, what: number, said: number): void {
    const data = this.#data;
    const old = data.length;
    data.push(start, end, said, what);
    for (let i = old - 1; i >= at * WIDTH; i--) data[i + WIDTH] = data[i] ?? 0;
    this.length++;
    this.set(at, start, end, what, said);
  }

  /** Makes region `at` another one. */
  set(at: number, start: number, end: number, what: number, said: number): void {
    const data = this.#data;
    data[at * WIDTH + START] = start;
    data[at * WIDTH + END] = end;
    data[at * WIDTH + SAID] = said;
    data[at * WIDTH + WHAT] = what;
  }

  /** Takes `[from, to)` out. */
  remove(from: number, to: number): void {
    this.#data.splice(from * WIDTH, (to - from) * WIDTH);
    this.length -= to - from;
  }

  /** Moves everything from `at` on into a new chunk of the same owner. */
  splitOff(at: number): RegionChunk {
    const rest = new RegionChunk(this.owner, this);
    rest.remove(0, at);
    this.remove(at, this.length);
    return rest;
  }
}

/** Bytes of one chunk, for those who budget copies. */
export const CHUNK_BYTES = CHUNK_ROOM * WIDTH * 8;
