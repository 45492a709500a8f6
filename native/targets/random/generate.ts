/**
 * Makes a random program from a seed. It keeps to what both kinds of keys can do (docs/emulation-limits.md: no data
 * access to executable pages, no execute-only pages), to what is the same in each run, and dies in children only.
 * No locked exchange: QEMU 7.2 on one processor reports its fault as a read, which a CPU reports as a write.
 */
import type { Step } from './program.ts';

const PAGE = 0x1000;
const DATA_PAGES = 12;
const CODE_PLACE = 0xc000;
const OWN_STACK = 0xfffe;
const NO_STACK = 0xffff;
const MAX_STEPS = 400;
/** How a caught fault goes on: `OnFault` in ops.h. */
const DIE = 5;

/** Numbers from a seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Where a step stands: what may be done there. */
interface Place {
  readonly child: boolean;
  /** Threads run at once: each has pages of its own, and no number that others make. */
  readonly pages: readonly [first: number, count: number];
  readonly alone: boolean;
  readonly depth: number;
  /** Signals whose handlers this is in. */
  readonly handling: readonly number[];
}

class Generator {
  readonly #next: () => number;
  #steps = 0;

  constructor(seed: number) {
    this.#next = numbers(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  pick<T>(...values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }

  chance(one: number): boolean {
    return this.below(one) === 0;
  }

  key(): number {
    return this.chance(12) ? this.pick(0, 6, 9, 15, 16, 0xffffffff) : 1 + this.below(5);
  }

  /** A PKRU value that leaves key 0 open. */
  rights(): number {
    let value = 0;
    for (let key = 1; key < 16; key++) {
      const bits = key < 6 ? this.pick(0, 0, 1, 1, 2, 3) : this.pick(1, 1, 1, 0);
      value |= bits << (2 * key);
    }
    return value >>> 0;
  }

  range({ pages: [first, count] }: Place): [place: number, size: number] {
    const start = this.below(count);
    const size = 1 + this.below(Math.min(4, count - start));
    return [(first + start) * PAGE, size * PAGE];
  }

  /** The place of an access of `size` bytes; some lie across two pages. */
  place({ pages: [first, count] }: Place, size: number): number {
    const page = this.below(count);
    const across = page + 1 < count && size > 1 && this.chance(5);
    const inside = across ? PAGE - 4 : this.pick(0, 8, 0x7f8, PAGE - 8, 8 * this.below(512));
    return (first + page) * PAGE + inside;
  }

  onFault(place: Place): number {
    if (place.child && this.chance(12)) return DIE;
    return this.pick(0, 0, 0, 1, 2, 2, 2, 3, 4);
  }

  codePlace(): number {
    return CODE_PLACE + this.below(4) * PAGE;
  }

  body(place: Place, limit: number): Step[] {
    return Array.from({ length: 1 + this.below(limit) }, () => this.step(place));
  }

  access(place: Place): Step {
    const size = this.pick(1, 8);
    const at = this.place(place, size);
    switch (this.below(8)) {
      case 1: {
        const [to] = this.range(place);
        const [from] = this.range(place);
        const most = (place.pages[0] + place.pages[1]) * PAGE - Math.max(to, from);
        return { name: 'copy', args: [to, from, Math.min(most, this.pick(0x10, 0x800, 0x1800)), this.onFault(place)] };
      }
      case 2:
      case 3:
      case 4:
        return { name: 'store', args: [at, size, this.onFault(place)] };
      default:
        return { name: 'load', args: [at, size, this.onFault(place)] };
    }
  }

  /** Calls that change keys and protections. */
  memory(place: Place): Step {
    const [at, size] = this.range(place);
    const protection = this.pick(0, 1, 1, 2, 3, 3, 3, 3, 3);
    switch (this.below(place.alone ? 15 : 12)) {
      case 0:
      case 1:
        return { name: 'prot', args: [at, size, protection] };
      case 2:
        return { name: 'map', args: [at, size, protection, this.pick(1, 2, 2)] };
      case 3:
        return this.chance(2) ? { name: 'unmap', args: [at, size] } : { name: 'drop', args: [at, size] };
      case 4: {
        // One page: whether several mappings may move at once differs between kernels.
        const [to] = this.range(place);
        return { name: to === at ? 'drop' : 'remap', args: to === at ? [at, PAGE] : [at, PAGE, to] };
      }
      case 12:
        return { name: 'alloc', args: [this.chance(15) ? 1 : 0, this.chance(15) ? 4 : this.below(4)] };
      case 13:
        return { name: 'free', args: [place.child && this.chance(8) ? 0 : Math.max(1, this.key())] };
      case 14:
        return this.code();
      default: {
        const odd = this.chance(25) ? 8 : 0;
        return { name: 'tag', args: [at + odd, this.chance(25) ? 0 : size, protection, this.key()] };
      }
    }
  }

  /** Executable pages: keys never forbid to run them. */
  code(): Step {
    const at = this.codePlace();
    switch (this.below(6)) {
      case 0:
        return { name: 'code', args: [at] };
      case 1:
        return { name: 'tag', args: [at, PAGE, this.pick(5, 5, 1, 0), 1 + this.below(3)] };
      case 2:
        return { name: 'prot', args: [at, PAGE, this.pick(5, 5, 7, 3, 0)] };
      default:
        return { name: 'call', args: [at, this.pick(0, 1, 2, 3)] };
    }
  }

  rightsStep(place: Place): Step {
    switch (this.below(8)) {
      case 0:
      case 1:
        return { name: 'wr', args: [this.rights()] };
      case 2:
      case 3:
      case 4:
        return { name: 'set', args: [1 + this.below(5), this.below(4)] };
      case 5:
        if (place.child) return { name: 'zero', args: [this.rights() | (1 + this.below(3)), this.place(place, 1)] };
        return { name: 'badwr', args: [this.pick(0, 1, 2)] };
      default:
        return { name: 'rd', args: [] };
    }
  }

  signal(place: Place): Step {
    // In a handler of SIGSEGV (11) every fault is the end.
    const every = [4, 5, 7, 10, 12, 40, ...(place.child ? [11] : [])];
    const free = every.filter((number) => !place.handling.includes(number));
    const number = free[this.below(free.length)] ?? 40;
    switch (this.below(6)) {
      case 0:
        return { name: 'mask', args: [this.below(2), this.pick(4, 5, 10, 12, ...(place.child ? [11] : []))] };
      case 1:
        return { name: 'alt', args: [this.pick(OWN_STACK, OWN_STACK, NO_STACK)] };
      case 2:
        // Signals on a stack that the rights may deny; where they do, that is the end.
        if (place.child) return { name: 'alt', args: [place.pages[0] * PAGE] };
        return { name: 'rd', args: [] };
      default: {
        const handling = [...place.handling, number];
        const body = this.body({ ...place, depth: place.depth + 1, handling }, 4);
        return { name: 'raise', args: [number, this.chance(3) ? 1 : 0], body };
      }
    }
  }

  /** Steps with others inside. */
  around(place: Place): Step {
    const inner = { ...place, depth: place.depth + 1 };
    switch (this.below(5)) {
      case 0:
      case 1:
        return { name: 'gate', args: [1 + this.below(5)], body: this.body(inner, 5) };
      case 2:
        return { name: 'loop', args: [2 + this.below(6)], body: this.body(inner, 3) };
      default:
        return { name: 'fork', args: [], body: this.childBody(inner) };
    }
  }

  childBody(place: Place): Step[] {
    const body = this.body({ ...place, child: true, alone: true }, 8);
    const kill: Step = { name: 'kill', args: [this.pick(9, 15, 11)] };
    const again: Step = { name: 'again', args: [] };
    const end = this.pick<Step | null>(kill, again, null, null, null, null);
    return end ? [...body, end] : body;
  }

  step(place: Place): Step {
    this.#steps++;
    const full = this.#steps > MAX_STEPS;
    switch (this.below(20)) {
      case 0:
      case 1:
      case 2:
        return this.memory(place);
      case 3:
      case 4:
      case 5:
        return this.rightsStep(place);
      case 6:
        return full || place.depth > 2 ? this.access(place) : this.signal(place);
      case 7:
      case 8:
        return full || place.depth > 2 ? this.access(place) : this.around(place);
      case 9: {
        const at = this.place(place, 1);
        const size = Math.min(this.pick(8, 0x100, 0x1000), PAGE - (at % PAGE));
        return this.chance(3)
          ? { name: 'futex', args: [at - (at % 4)] }
          : { name: this.pick('sysw', 'sysr'), args: [at, size] };
      }
      case 10:
        return this.pick<Step>(
          { name: 'nap', args: [this.below(0x200)] },
          { name: 'yield', args: [] },
          { name: 'stack', args: [1 + this.below(40)] },
        );
      default:
        return this.access(place);
    }
  }

  /** Threads at once, each on pages of its own. */
  parallel(threads: number): Step {
    const each = Math.floor(DATA_PAGES / threads);
    const lists = Array.from({ length: threads }, (_, thread) =>
      Array.from({ length: 1 + this.below(8) }, () => {
        const place: Place = { child: false, pages: [thread * each, each], alone: false, depth: 0, handling: [] };
        return { ...this.step(place), thread };
      }),
    );
    return { name: 'par', args: [], body: lists.flat() };
  }

  program(): Step[] {
    const threads = this.pick(1, 1, 2, 3, 4);
    const whole: Place = { child: false, pages: [0, DATA_PAGES], alone: true, depth: 0, handling: [] };
    const steps: Step[] = [];
    if (this.chance(4)) steps.push({ name: 'spin', args: [] });
    // Not so often that a slow machine does nothing else.
    if (this.chance(4)) steps.push({ name: 'tick', args: [0x1400 + this.below(0x2800)] });
    for (let i = 1 + this.below(4); i > 0; i--) steps.push({ name: 'alloc', args: [0, this.below(4)] });
    for (let i = this.below(4); i > 0; i--) {
      const [at, size] = this.range(whole);
      steps.push({ name: 'tag', args: [at, size, 3, 1 + this.below(3)] });
    }
    let born = 1;
    for (let left = 10 + this.below(40); left > 0; left--) {
      if (born < threads && this.chance(4)) {
        steps.push({ name: 'spawn', args: [born], thread: this.below(born) });
        born++;
      } else if (born > 1 && this.chance(10)) {
        steps.push(this.parallel(born));
      } else if (born > 1 && this.chance(12)) {
        const to = this.below(born);
        steps.push({ name: 'kick', args: [to], thread: (to + 1) % born });
      } else {
        steps.push({ ...this.step(whole), thread: this.below(born) });
      }
    }
    // Every thread is there until the end.
    for (let thread = 0; thread < born; thread++) steps.push({ name: 'rd', args: [], thread });
    return steps;
  }
}

/** The program of a seed. */
export const generate = (seed: number): Step[] => new Generator(seed).program();
