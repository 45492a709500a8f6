/** Names for addresses that are the same in every run: by module, by kind of memory, by who mapped it as which. */
import type { EventLog } from '../../../core/model/eventLog.ts';

interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** What offsets count from. */
  readonly origin: number;
}

/** A thread's arena of glibc's malloc is as large as this and aligned to it (malloc/arena.c, HEAP_MAX_SIZE). */
const HEAP_SIZE = 0x4000000;
/** The kernel's own pages, which differ between kernels. */
export const kernelPages = /^\[v(var|dso|syscall|var_vclock)\]$/;

const hex = (n: number): string => n.toString(16);

/** What is mapped where in one address space, as the log tells it. */
export class Places {
  #mappings: Mapping[] = [];
  readonly #modules = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  copy(): Places {
    const copy = new Places();
    copy.#mappings = [...this.#mappings];
    for (const [name, base] of this.#modules) copy.#modules.set(name, base);
    for (const [who, count] of this.#counts) copy.#counts.set(who, count);
    return copy;
  }

  /** Takes in the `map` row at `index`; `who` made it. Answers whether it is an arena, which lies where it happens to. */
  add(log: EventLog, index: number, who: string): 'arena' | 'other' {
    const { start, end } = log.at(index);
    const facts = log.facts(index, 'map');
    const name = facts?.name ?? '';
    this.remove(start, end);
    if (facts?.flags?.includes('noreserve')) {
      const origin = Math.ceil(start / HEAP_SIZE) * HEAP_SIZE;
      this.#mappings.push({ start, end, label: `arena of ${who}`, origin });
      return 'arena';
    }
    let label = name.split('/').at(-1) ?? '';
    let origin: number = start;
    if (name.startsWith('/')) {
      origin = Math.min(start, this.#modules.get(name) ?? start);
      this.#modules.set(name, origin);
    } else if (name === '[stack]') {
      origin = end;
    } else if (name === '') {
      const count = (this.#counts.get(who) ?? 0) + 1;
      this.#counts.set(who, count);
      label = `memory ${count} of ${who}`;
    }
    this.#mappings.push({ start, end, label, origin });
    return 'other';
  }

  remove(start: number, end: number): void {
    this.#mappings = this.#mappings.flatMap((one) => {
      if (one.end <= start || one.start >= end) return [one];
      const before = one.start < start ? [{ ...one, end: start }] : [];
      return one.end > end ? [...before, { ...one, start: end }] : before;
    });
  }

  name(address: number): string {
    const found = this.#mappings.find((one) => one.start <= address && address < one.end);
    if (!found) return address < 0x100000 ? hex(address) : 'nowhere';
    const offset = address - found.origin;
    return `${found.label}${offset < 0 ? '-' : '+'}${hex(Math.abs(offset))}`;
  }

  range(start: number, end: number): string {
    return `${this.name(start)} size ${hex(end - start)}`;
  }
}
