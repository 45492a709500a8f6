/**
 * The regions of one address space, sorted, with the kernel's split and merge semantics. Clones share chunks and copy
 * on write, so a checkpoint of 50,000 regions costs a list of references.
 */
import { CHUNK_ROOM, RegionChunk, saidOf, whatOf } from './regionChunk.ts';

/**
 * A run of pages with one protection, key, mapping and last tag. `mapped` and `tagged` are rows; -1 = never tagged.
 * `words` is the number of what row `mapped` says; -1 where only the log knows it.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly prot: number;
  readonly key: number;
  readonly mapped: number;
  readonly words: number;
  readonly tagged: number;
}

export class RegionMap {
  #chunks: RegionChunk[] = [];
  #token: object = {};
  #size = 0;
  /** Shared chunks copied since the last clone: what keeping that clone costs. */
  copied = 0;
  // The position the last seek or step found; kept in fields so that replay allocates nothing.
  #chunk = 0;
  #at = 0;

  /** How many regions there are. */
  get size(): number {
    return this.#size;
  }

  get chunkCount(): number {
    return this.#chunks.length;
  }

  /** The runs of regions as they stand. Those of a map that nobody changes any more never change: keys for memos. */
  get chunks(): readonly RegionChunk[] {
    return this.#chunks;
  }

  /** An independent copy; both sides copy a shared chunk before they change it. */
  clone(): RegionMap {
    const copy = new RegionMap();
    copy.#chunks = this.#chunks.slice();
    copy.#size = this.#size;
    this.#token = {};
    this.copied = 0;
    return copy;
  }

  /** Maps `[start, end)`, replacing whatever was there. `words`: the number of what row `mapped` says. */
  map(start: number, end: number, prot: number, key: number, mapped: number, words: number): void {
    if (end <= start) return;
    const [what, said] = [whatOf(mapped, prot, key), saidOf(words, -1)];
    if (this.#isOne(start, end)) {
      this.#own(this.#chunk).set(this.#at, start, end, what, said);
    } else {
      this.unmap(start, end);
      this.#seek(start);
      this.#insert(start, end, what, said);
    }
    this.#merge(start, end);
  }

  /** Removes every page of `[start, end)`. */
  unmap(start: number, end: number): void {
    if (end <= start) return;
    this.#split(start);
    this.#split(end);
    this.#seek(start);
    for (let chunk = this.#chunks[this.#chunk]; chunk; chunk = this.#chunks[this.#chunk]) {
      let to = this.#at;
      while (to < chunk.length && chunk.start(to) < end) to++;
      if (to === this.#at) break;
      const whole = to === chunk.length;
      this.#own(this.#chunk).remove(this.#at, to);
      this.#size -= to - this.#at;
      if (this.#chunks[this.#chunk]?.length === 0) this.#chunks.splice(this.#chunk, 1);
      else if (whole) this.#chunk++;
      this.#at = 0;
      if (!whole) break;
    }
  }

  /** Gives the mapped pages of `[start, end)` a protection. */
  protect(start: number, end: number, prot: number): void {
    this.#change(start, end, prot, -1, -1);
  }

  /** Tags the mapped pages of `[start, end)`; `prot` -1 keeps the protection. */
  tag(start: number, end: number, key: number, prot: number, row: number): void {
    this.#change(start, end, prot, key, row);
  }

  /** The region that holds `addr`, or null. */
  at(addr: number): Span | null {
    this.#seek(addr);
    const chunk = this.#chunks[this.#chunk];
    return chunk && chunk.start(this.#at) <= addr ? this.#span(chunk, this.#at) : null;
  }

  /** Every region that touches `[start, end)`, whole, in order. The map must not change meanwhile. */
  *range(start = 0, end = Number.POSITIVE_INFINITY): Generator<Span, void, undefined> {
    this.#seek(start);
    for (let c = this.#chunk, i = this.#at; c < this.#chunks.length; c++, i = 0) {
      const chunk = this.#chunks[c];
      if (!chunk) return;
      for (; i < chunk.length; i++) {
        if (chunk.start(i) >= end) return;
        yield this.#span(chunk, i);
      }
    }
  }

  /** Calls `visit` for every region, without making objects. */
  forEach(
    visit: (start: number, end: number, prot: number, key: number, mapped: number, tagged: number) => void,
  ): void {
    for (const chunk of this.#chunks) {
      for (let i = 0; i < chunk.length; i++) {
        visit(chunk.start(i), chunk.end(i), chunk.prot(i), chunk.key(i), chunk.mapped(i), chunk.tagged(i));
      }
    }
  }

  #span(chunk: RegionChunk, i: number): Span {
    return {
      start: chunk.start(i),
      end: chunk.end(i),
      prot: chunk.prot(i),
      key: chunk.key(i),
      mapped: chunk.mapped(i),
      words: chunk.words(i),
      tagged: chunk.tagged(i),
    };
  }

  /** Positions on the first region that ends after `addr`. */
  #seek(addr: number): void {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#chunks[middle]?.start(0) ?? 0) <= addr) low = middle + 1;
      else high = middle;
    }
    this.#chunk = Math.max(0, low - 1);
    const chunk = this.#chunks[this.#chunk];
    this.#at = chunk ? chunk.seek(addr) : 0;
    if (chunk && this.#at === chunk.length) {
      this.#chunk++;
      this.#at = 0;
    }
  }

  /** The chunk at `index`, ours to change. */
  #own(index: number): RegionChunk {
    const chunk = this.#chunks[index];
    if (!chunk) throw new RangeError(`chunk ${index} of ${this.#chunks.length}`);
    if (chunk.owner === this.#token) return chunk;
    const copy = new RegionChunk(this.#token, chunk);
    this.#chunks[index] = copy;
    this.copied++;
    return copy;
  }

  /** Inserts before the position; leaves the position on the new region. */
  #insert(start: number, end: number, what: number, said: number): void {
    if (this.#at === 0 && this.#chunk > 0) {
      this.#chunk--;
      this.#at = this.#chunks[this.#chunk]?.length ?? 0;
    }
    if (this.#chunks.length === 0) this.#chunks.push(new RegionChunk(this.#token));
    let chunk = this.#own(this.#chunk);
    if (chunk.length === CHUNK_ROOM) {
      // Appending in address order is the common case: split there so that chunks stay full.
      const middle = this.#at === CHUNK_ROOM ? CHUNK_ROOM : CHUNK_ROOM / 2;
      this.#chunks.splice(this.#chunk + 1, 0, chunk.splitOff(middle));
      if (this.#at >= middle) {
        this.#chunk++;
        this.#at -= middle;
      }
      chunk = this.#own(this.#chunk);
    }
    chunk.insert(this.#at, start, end, what, said);
    this.#size++;
  }

  /** Positions on the region that is exactly `[start, end)`; false where there is none. Most changes are of such. */
  #isOne(start: number, end: number): boolean {
    this.#seek(start);
    const chunk = this.#chunks[this.#chunk];
    return chunk !== undefined && chunk.start(this.#at) === start && chunk.end(this.#at) === end;
  }

  /** Makes `addr` an edge of regions. */
  #split(addr: number): void {
    this.#seek(addr);
    const found = this.#chunks[this.#chunk];
    const i = this.#at;
    if (!found || found.start(i) >= addr) return;
    const end = found.end(i);
    const chunk = this.#own(this.#chunk);
    chunk.setEnd(i, addr);
    this.#at = i + 1;
    this.#insert(addr, end, chunk.what(i), chunk.said(i));
  }

  #change(start: number, end: number, prot: number, key: number, row: number): void {
    if (end <= start) return;
    if (!this.#isOne(start, end)) {
      this.#split(start);
      this.#split(end);
      this.#seek(start);
    }
    for (let c = this.#chunk, i = this.#at; c < this.#chunks.length; c++, i = 0) {
      const seen = this.#chunks[c];
      if (!seen || seen.start(i) >= end) break;
      const chunk = this.#own(c);
      for (; i < chunk.length && chunk.start(i) < end; i++) {
        if (prot >= 0) chunk.setProt(i, prot);
        if (key >= 0) chunk.setKey(i, key, row);
      }
    }
    this.#merge(start, end);
  }

  /** Joins equal neighbours from the one that ends at `start` to the one that begins at `end`. */
  #merge(start: number, end: number): void {
    this.#seek(start - 1);
    let chunk = this.#chunks[this.#chunk];
    let c = this.#chunk;
    let i = this.#at;
    while (chunk) {
      const sameChunk = i + 1 < chunk.length;
      const nextChunk = sameChunk ? chunk : this.#chunks[c + 1];
      const j = sameChunk ? i + 1 : 0;
      if (!nextChunk || nextChunk.start(j) > end) return;
      if (chunk.joins(i, nextChunk, j)) {
        const until = nextChunk.end(j);
        chunk = this.#own(c);
        chunk.setEnd(i, until);
        const target = sameChunk ? c : c + 1;
        this.#own(target).remove(j, j + 1);
        if (this.#chunks[target]?.length === 0) this.#chunks.splice(target, 1);
        this.#size--;
      } else {
        if (!sameChunk) c++;
        i = j;
        chunk = nextChunk;
      }
    }
  }
}
