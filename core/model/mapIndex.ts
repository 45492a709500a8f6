/**
 * The address space as lines: neighbouring pages of one owner that belong together, in address order. Columns of
 * numbers, so that fifty thousand regions cost milliseconds and no garbage; what a line says is made when it is shown.
 */
import type { Label } from './label.ts';
import { labelsOf } from './labels.ts';
import { CHUNK_ROOM } from './regionChunk.ts';
import type { Space } from './space.ts';
import type { World } from './world.ts';

/** Unmapped bytes from which on a hole is folded into a line of its own. */
export const FOLD = 1 << 26;

/** Bits of a line beside those of its keys: some key is not known; it is a reservation that is folded. */
const UNKNOWN = 1 << 16;
const RESERVED = 1 << 17;

export class MapIndex {
  readonly world: World;
  readonly space: Space;
  readonly #labels: Label[] = [];
  #start: Float64Array;
  #end: Float64Array;
  #changed: Int32Array;
  /** One bit a key that some page of the line has, and those above. */
  #bits: Uint32Array;
  /** Where the line's first region stands among the chunks: chunk * CHUNK_ROOM + position. */
  #at: Int32Array;
  #length = 0;

  /** `room`: how many lines there may be; more of them cost a copy. */
  constructor(world: World, space: Space, room = 256) {
    this.world = world;
    this.space = space;
    this.#start = new Float64Array(room);
    this.#end = new Float64Array(room);
    this.#changed = new Int32Array(room);
    this.#bits = new Uint32Array(room);
    this.#at = new Int32Array(room);
    labelsOf(world, space).walk((start, end, label, prot, key, chunk, c, i) => {
      const changed = Math.max(chunk.mapped(i), chunk.tagged(i));
      // A huge reservation is a line of its own, so that it can be folded like a hole.
      const huge = end - start >= FOLD && prot === 0;
      const bits = (key < 0 ? UNKNOWN : 1 << key) | (huge ? RESERVED : 0);
      this.#add(start, end, label, changed, bits, c * CHUNK_ROOM + i);
    });
  }

  get length(): number {
    return this.#length;
  }

  start(i: number): number {
    return this.#start[i] ?? 0;
  }

  end(i: number): number {
    return this.#end[i] ?? 0;
  }

  pages(i: number): number {
    return (this.end(i) - this.start(i)) / 4096;
  }

  /** The label of the line's first piece; its owner is the whole line's. */
  label(i: number): Label {
    const label = this.#labels[i];
    if (!label) throw new RangeError(`line ${i} of ${this.#length}`);
    return label;
  }

  /** The last row that mapped or tagged any page of the line. */
  changed(i: number): number {
    return this.#changed[i] ?? 0;
  }

  /** One bit for each key on the line; bit 16 for unknown ones. */
  keys(i: number): number {
    return (this.#bits[i] ?? 0) & ~RESERVED;
  }

  /** True for a line of nothing but address space set aside, so much that it is folded. */
  reserved(i: number): boolean {
    return ((this.#bits[i] ?? 0) & RESERVED) !== 0;
  }

  /** Unmapped bytes in front of the line. */
  gap(i: number): number {
    return i === 0 ? 0 : this.start(i) - this.end(i - 1);
  }

  /** The line that holds an address; -1 where nothing is mapped. */
  at(addr: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.end(middle) > addr) high = middle;
      else low = middle + 1;
    }
    return low < this.#length && this.start(low) <= addr ? low : -1;
  }

  /** Calls `visit` for every region of the line, cut to the line, without making objects. */
  visit(
    i: number,
    visit: (start: number, end: number, prot: number, key: number, mapped: number, tagged: number) => void,
  ): void {
    const [first, end] = [this.start(i), this.end(i)];
    const at = this.#at[i] ?? 0;
    const { chunks } = this.space;
    for (let c = Math.floor(at / CHUNK_ROOM), r = at % CHUNK_ROOM; c < chunks.length; c++, r = 0) {
      const chunk = chunks[c];
      if (!chunk) return;
      for (; r < chunk.length; r++) {
        const start = chunk.start(r);
        if (start >= end) return;
        const [from, to] = [Math.max(first, start), Math.min(end, chunk.end(r))];
        visit(from, to, chunk.prot(r), chunk.key(r), chunk.mapped(r), chunk.tagged(r));
      }
    }
  }

  #add(start: number, end: number, label: Label, changed: number, bits: number, at: number): void {
    const last = this.#length - 1;
    const before = this.#labels[last];
    if (
      before &&
      this.#end[last] === start &&
      (before === label || (before.owner === label.owner && before.family === label.family)) &&
      (((this.#bits[last] ?? 0) | bits) & RESERVED) === 0
    ) {
      this.#end[last] = end;
      if (changed > (this.#changed[last] ?? 0)) this.#changed[last] = changed;
      this.#bits[last] = (this.#bits[last] ?? 0) | bits;
      return;
    }
    if (this.#length === this.#start.length) this.#grow();
    this.#start[this.#length] = start;
    this.#end[this.#length] = end;
    this.#changed[this.#length] = changed;
    this.#bits[this.#length] = bits;
    this.#at[this.#length] = at;
    this.#labels.push(label);
    this.#length++;
  }

  #grow(): void {
    const room = this.#length * 2;
    const copy = <T extends Float64Array | Int32Array | Uint32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#start = copy(this.#start, new Float64Array(room));
    this.#end = copy(this.#end, new Float64Array(room));
    this.#changed = copy(this.#changed, new Int32Array(room));
    this.#bits = copy(this.#bits, new Uint32Array(room));
    this.#at = copy(this.#at, new Int32Array(room));
  }
}

/** The two indexes last asked for: the map's and the search field's are the same, and one is often still on screen. */
const recent: MapIndex[] = [];

/** The lines of a space of that world, made once while it is looked at. */
export function mapIndexOf(world: World, space: Space): MapIndex {
  const found = recent.find((index) => index.space === space);
  if (found) return found;
  // About as many as last time: spaces are looked at again and again.
  const made = new MapIndex(world, space, Math.max(256, Math.ceil((recent[0]?.length ?? 0) * 1.1)));
  recent.unshift(made);
  recent.length = Math.min(recent.length, 2);
  return made;
}
