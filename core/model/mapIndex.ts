/**
 * The address space as lines: neighbouring pages of one owner that belong together, in address order. Columns of
 * numbers, so that fifty thousand regions cost milliseconds and no garbage; what a line says is made when it is shown.
 */
import { UNKNOWN_PROT } from '../contract/events.ts';
import { type Label, type LabelKind, labelsOf } from './labels.ts';
import { CHUNK_ROOM } from './regionChunk.ts';
import type { Space } from './space.ts';
import type { World } from './world.ts';

/** Unmapped bytes from which on a hole is folded into a line of its own. */
export const FOLD = 1 << 26;

/** Labels that share a line when they follow each other. */
const family: Partial<Record<LabelKind, string>> = {
  code: 'image',
  rodata: 'image',
  data: 'data',
  bss: 'data',
  stack: 'stack',
  guard: 'stack',
  anonymous: 'anonymous',
  reservation: 'anonymous',
};

export const familyOf = (label: Label): string => family[label.kind] ?? label.text;

export class MapIndex {
  readonly world: World;
  readonly space: Space;
  readonly #labels: Label[] = [];
  #start = new Float64Array(256);
  #end = new Float64Array(256);
  #changed = new Int32Array(256);
  /** One bit a key that some page of the line has; bit 16 = some page whose key is not known. */
  #keys = new Uint32Array(256);
  /** Where the line's first region stands among the chunks: chunk * 64 + position. */
  #at = new Int32Array(256);
  readonly #reserved = new Set<number>();
  #length = 0;

  constructor(world: World, space: Space) {
    this.world = world;
    this.space = space;
    const labels = labelsOf(world, space);
    for (const [c, chunk] of space.chunks.entries()) {
      for (let i = 0; i < chunk.length; i++) {
        const prot = chunk.prot(i);
        const key = chunk.key(i);
        const mapped = chunk.mapped(i);
        const changed = Math.max(mapped, chunk.tagged(i));
        const bit = 1 << (key < 0 ? 16 : key);
        labels.pieces(
          chunk.start(i),
          chunk.end(i),
          mapped,
          prot === UNKNOWN_PROT ? null : prot,
          key < 0 ? null : key,
          (start, end, label) => this.#add(start, end, label, prot === 0, changed, bit, c * CHUNK_ROOM + i),
        );
      }
    }
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
    return this.#keys[i] ?? 0;
  }

  /** True for a line of nothing but address space set aside, so much that it is folded. */
  reserved(i: number): boolean {
    return this.#reserved.has(i);
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

  #add(start: number, end: number, label: Label, closed: boolean, changed: number, bit: number, at: number): void {
    const last = this.#length - 1;
    const before = this.#labels[last];
    // A huge reservation is a line of its own, so that it can be folded like a hole.
    const huge = closed && end - start >= FOLD;
    if (
      before &&
      !huge &&
      !this.reserved(last) &&
      this.#end[last] === start &&
      before.owner === label.owner &&
      familyOf(before) === familyOf(label)
    ) {
      this.#end[last] = end;
      this.#changed[last] = Math.max(this.#changed[last] ?? 0, changed);
      this.#keys[last] = (this.#keys[last] ?? 0) | bit;
      return;
    }
    if (this.#length === this.#start.length) this.#grow();
    this.#start[this.#length] = start;
    this.#end[this.#length] = end;
    this.#changed[this.#length] = changed;
    this.#keys[this.#length] = bit;
    this.#at[this.#length] = at;
    if (huge) this.#reserved.add(this.#length);
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
    this.#keys = copy(this.#keys, new Uint32Array(room));
    this.#at = copy(this.#at, new Int32Array(room));
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
