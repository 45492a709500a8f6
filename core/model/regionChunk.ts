/** A run of neighbouring regions in small columns; the unit that region maps share and copy on write. */

export const CHUNK_ROOM = 64;

export class RegionChunk {
  /** The map that may change this chunk; any other copies it first. */
  owner: object;
  length = 0;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Row of the `map` event that made the region. */
  readonly mapped: Int32Array;
  /** Row of the last tag; -1 = never tagged. */
  readonly tagged: Int32Array;
  readonly prot: Uint8Array;
  readonly key: Int8Array;

  constructor(owner: object, from?: RegionChunk) {
    this.owner = owner;
    this.start = from ? from.start.slice() : new Float64Array(CHUNK_ROOM);
    this.end = from ? from.end.slice() : new Float64Array(CHUNK_ROOM);
    this.mapped = from ? from.mapped.slice() : new Int32Array(CHUNK_ROOM);
    this.tagged = from ? from.tagged.slice() : new Int32Array(CHUNK_ROOM);
    this.prot = from ? from.prot.slice() : new Uint8Array(CHUNK_ROOM);
    this.key = from ? from.key.slice() : new Int8Array(CHUNK_ROOM);
    this.length = from ? from.length : 0;
  }

  /** First address of the chunk; chunks are never empty while in a map. */
  get first(): number {
    return this.start[0] ?? 0;
  }

  /** Position of the first region that ends after `addr`; `length` when there is none. */
  seek(addr: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.end[middle] ?? 0) > addr) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Makes room at `at`; the caller fills it and has checked that there is room. */
  open(at: number): void {
    for (const column of this.#columns()) column.copyWithin(at + 1, at, this.length);
    this.length++;
  }

  /** Takes `[from, to)` out. */
  remove(from: number, to: number): void {
    for (const column of this.#columns()) column.copyWithin(from, to, this.length);
    this.length -= to - from;
  }

  /** Moves everything from `at` on into a new chunk of the same owner. */
  splitOff(at: number): RegionChunk {
    const rest = new RegionChunk(this.owner, this);
    rest.remove(0, at);
    this.length = at;
    return rest;
  }

  put(at: number, start: number, end: number, prot: number, key: number, mapped: number, tagged: number): void {
    this.start[at] = start;
    this.end[at] = end;
    this.prot[at] = prot;
    this.key[at] = key;
    this.mapped[at] = mapped;
    this.tagged[at] = tagged;
  }

  #columns(): readonly (Float64Array | Int32Array | Uint8Array | Int8Array)[] {
    return [this.start, this.end, this.mapped, this.tagged, this.prot, this.key];
  }
}
