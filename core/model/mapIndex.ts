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
  readonly #start: Float64Array;
  readonly #end: Float64Array;
  readonly #changed: Int32Array;
  /** One bit a key that some page of the line has, and those above. */
  readonly #bits: Uint32Array;
  /** Where the line's first region stands among the chunks: chunk * CHUNK_ROOM + position. */
  readonly #at: Int32Array;
  readonly #length: number;

  constructor(world: World, space: Space) {
    this.world = world;
    this.space = space;
    const labels = labelsOf(world, space);
    const room = labels.most;
    this.#start = new Float64Array(room);
    this.#end = new Float64Array(room);
    this.#changed = new Int32Array(room);
    this.#bits = new Uint32Array(room);
    this.#at = new Int32Array(room);
    const ends = this.#end;
    // The line that grows: its place in the columns, whose it is, and what else decides whether it goes on.
    let [last, reserved] = [-1, false];
    let of: Label | null = null;
    labels.walk((start, end, label, prot, key, changed, c, i) => {
      // A huge reservation is a line of its own, so that it can be folded like a hole.
      const huge = prot === 0 && end - start >= FOLD;
      const bits = (key === null ? UNKNOWN : 1 << key) | (huge ? RESERVED : 0);
      const same = of === label || (of !== null && of.owner === label.owner && of.family === label.family);
      if (same && ends[last] === start && !huge && !reserved) {
        ends[last] = end;
        if (changed > (this.#changed[last] ?? 0)) this.#changed[last] = changed;
        this.#bits[last] = (this.#bits[last] ?? 0) | bits;
        return;
      }
      last++;
      this.#start[last] = start;
      ends[last] = end;
      this.#changed[last] = changed;
      this.#bits[last] = bits;
      this.#at[last] = c * CHUNK_ROOM + i;
      this.#labels.push(label);
      reserved = huge;
      of = label;
    });
    this.#length = last + 1;
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
}

/** The two indexes last asked for: the map's and the search field's are the same, and one is often still on screen. */
const recent: MapIndex[] = [];

/** The lines of a space of that world, made once while it is looked at. */
export function mapIndexOf(world: World, space: Space): MapIndex {
  const found = recent.find((index) => index.space === space);
  if (found) return found;
  const made = new MapIndex(world, space);
  recent.unshift(made);
  recent.length = Math.min(recent.length, 2);
  return made;
}
