/**
 * A run of neighbouring regions in one small array, four numbers a region; the unit that region maps share and copy
 * on write. One array, so that a copy is one allocation and making room is one move.
 */

export const CHUNK_ROOM = 64;
const WIDTH = 4;
/** Regions that a new or copied chunk has room for beside its own. */
const SPARE = 4;
const START = 0;
const END = 1;
/** Row of the last tag; -1 = never tagged. */
const TAGGED = 2;
/** Row of the `map` event, protection (0 to 255) and key (-1 to 15) in one exact number. */
const WHAT = 3;

const pack = (mapped: number, prot: number, key: number): number => mapped * 8192 + prot * 32 + key + 1;

export class RegionChunk {
  /** The map that may change this chunk; any other copies it first. */
  readonly owner: object;
  length: number;
  #data: Float64Array;

  constructor(owner: object, from?: RegionChunk) {
    this.owner = owner;
    this.length = from ? from.length : 0;
    // A copy has room for what it holds and a little more: most are kept as they are.
    this.#data = new Float64Array(WIDTH * (from ? Math.min(CHUNK_ROOM, from.length + SPARE) : SPARE));
    if (from) this.#data.set(from.#data.subarray(0, from.length * WIDTH));
  }

  start(i: number): number {
    return this.#data[i * WIDTH + START] ?? 0;
  }

  end(i: number): number {
    return this.#data[i * WIDTH + END] ?? 0;
  }

  tagged(i: number): number {
    return this.#data[i * WIDTH + TAGGED] ?? 0;
  }

  mapped(i: number): number {
    return Math.floor((this.#data[i * WIDTH + WHAT] ?? 0) / 8192);
  }

  prot(i: number): number {
    return ((this.#data[i * WIDTH + WHAT] ?? 0) % 8192) >>> 5;
  }

  key(i: number): number {
    return (((this.#data[i * WIDTH + WHAT] ?? 0) % 8192) & 31) - 1;
  }

  setEnd(i: number, end: number): void {
    this.#data[i * WIDTH + END] = end;
  }

  setProt(i: number, prot: number): void {
    this.#data[i * WIDTH + WHAT] = pack(this.mapped(i), prot, this.key(i));
  }

  setKey(i: number, key: number, row: number): void {
    this.#data[i * WIDTH + WHAT] = pack(this.mapped(i), this.prot(i), key);
    this.#data[i * WIDTH + TAGGED] = row;
  }

  /** Whether region `j` of `other` could be one with region `i`, which it follows. */
  joins(i: number, other: RegionChunk, j: number): boolean {
    const [a, b] = [i * WIDTH, j * WIDTH];
    return (
      this.#data[a + END] === other.#data[b + START] &&
      this.#data[a + WHAT] === other.#data[b + WHAT] &&
      this.#data[a + TAGGED] === other.#data[b + TAGGED]
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
  insert(at: number, start: number, end: number, prot: number, key: number, mapped: number, tagged: number): void {
    if (this.length * WIDTH === this.#data.length) {
      const grown = new Float64Array(WIDTH * Math.min(CHUNK_ROOM, this.length * 2));
      grown.set(this.#data);
      this.#data = grown;
    }
    const data = this.#data;
    data.copyWithin((at + 1) * WIDTH, at * WIDTH, this.length * WIDTH);
    this.length++;
    data[at * WIDTH + START] = start;
    data[at * WIDTH + END] = end;
    data[at * WIDTH + TAGGED] = tagged;
    data[at * WIDTH + WHAT] = pack(mapped, prot, key);
  }

  /** Takes `[from, to)` out. */
  remove(from: number, to: number): void {
    this.#data.copyWithin(from * WIDTH, to * WIDTH, this.length * WIDTH);
    this.length -= to - from;
  }

  /** Moves everything from `at` on into a new chunk of the same owner. */
  splitOff(at: number): RegionChunk {
    const rest = new RegionChunk(this.owner, this);
    rest.remove(0, at);
    this.length = at;
    return rest;
  }
}

/** Bytes of one chunk, for those who budget copies. */
export const CHUNK_BYTES = CHUNK_ROOM * WIDTH * 8;
