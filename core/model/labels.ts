/**
 * What lives at an address, named from facts and never from exact starts, so that labels survive splits and merges of
 * regions. One `Labels` belongs to one address space of one world.
 */
import type { MapFacts } from '../contract/details.ts';
import { type Addr, asAddr, PAGE, type Tid } from '../contract/ids.ts';
import { isLoader, shortModule, threadLabel } from './names.ts';
import type { Module, Region, Space } from './space.ts';
import { ThreadMemory, type ThreadWithTls } from './threadMemory.ts';
import { pageOf, pageUp, tlsFields } from './tls.ts';
import type { Thread, World } from './world.ts';

export type LabelKind =
  | 'code'
  | 'rodata'
  | 'relro'
  | 'shared-section'
  | 'data'
  | 'bss'
  | 'heap'
  | 'stack'
  | 'guard'
  | 'tls'
  | 'loader-data'
  | 'keyhole'
  | 'kernel'
  | 'file'
  | 'reservation'
  | 'anonymous'
  | 'unmapped';

export interface Label {
  readonly kind: LabelKind;
  /** What it is: `code`, `RELRO`, `TLS, TCB`, `[heap]`. */
  readonly text: string;
  /** Whose it is, for grouping: a module's short name, `T2 dav1d-worker`, or ''. */
  readonly owner: string;
  readonly thread: Tid | null;
  readonly module: Module | null;
}

export interface LabelRun {
  readonly start: Addr;
  readonly end: Addr;
  readonly label: Label;
}

const label = (kind: LabelKind, text: string, owner = '', rest: Partial<Label> = {}): Label => ({
  kind,
  text,
  owner,
  thread: null,
  module: null,
  ...rest,
});

/** A TLS block may be as large as a program likes; its first bytes are named. */
const MOST_NOTED = 1 << 24;

const UNMAPPED = label('unmapped', 'unmapped');
const KEYHOLE = label('keyhole', 'Keyhole’s stub', 'Keyhole');
const HEAP = label('heap', '[heap]');
const RESERVED = label('reservation', 'reserved, no access');
const ANONYMOUS = label('anonymous', 'anonymous memory');

export class Labels {
  readonly #world: World;
  readonly #space: Space;
  readonly #threads: readonly Thread[];
  readonly #memory: ThreadMemory;
  readonly #edges: readonly number[];
  readonly #threadLabels = new Map<string, Label>();
  #notes: ReadonlyMap<number, readonly string[]> | null = null;

  constructor(world: World, space: Space) {
    this.#world = world;
    this.#space = space;
    this.#threads = world.threadsOf(space.pid);
    this.#memory = new ThreadMemory(this.#threads, space);
    const edges = this.#memory.extents.flatMap((extent) => [extent.start, extent.end]);
    for (const module of space.modules) edges.push(...partsOf(module).edges);
    this.#edges = [...new Set(edges)].sort((a, b) => a - b);
  }

  /** What lives at `addr`. */
  at(addr: number): Label {
    const region = this.#space.at(addr);
    return region ? this.#in(region.mapped, region.prot, region.key, addr) : UNMAPPED;
  }

  /** The region cut at every edge where what lives there changes. */
  runs(region: Region): readonly LabelRun[] {
    const runs: LabelRun[] = [];
    const { start, end, mapped, prot, key } = region;
    this.pieces(start, end, mapped, prot, key, (from, to, found) => {
      const last = runs.at(-1);
      if (last && sameLabel(last.label, found)) runs[runs.length - 1] = { ...last, end: asAddr(to) };
      else runs.push({ start: asAddr(from), end: asAddr(to), label: found });
    });
    return runs;
  }

  /** Calls `visit` for each piece of a region between edges, without making objects; neighbours may be alike. */
  pieces(
    start: number,
    end: number,
    mapped: number,
    prot: number | null,
    key: number | null,
    visit: (start: number, end: number, label: Label) => void,
  ): void {
    for (let i = this.#after(start), from = start; from < end; i++) {
      const to = Math.min(this.#edges[i] ?? end, end);
      visit(from, to, this.#in(mapped, prot, key, from));
      from = to;
    }
  }

  /** Names of the notable things on a page: `TCB page of T1`, `stack-pointer slot of T1`, `DTV of T2`, … */
  notes(page: number): readonly string[] {
    this.#notes ??= notesByPage(this.#memory.threads);
    return this.#notes.get(page) ?? NO_NOTES;
  }

  #in(mapped: number, prot: number | null, key: number | null, addr: number): Label {
    const facts = this.#space.mapFacts(mapped);
    const { name } = facts;
    if (name === '[keyhole]') return KEYHOLE;
    const module = this.#space.moduleAt(addr);
    if (module) return partsOf(module).at(addr, prot, name);
    const owner = this.#memory.at(addr);
    if (owner) return this.#ofThread(owner, 'tls', 'TLS, TCB');
    if (name === '[heap]') return HEAP;
    const main = this.#threads[0] ?? null;
    const mapper = this.#memory.ofMapping(mapped);
    if (name.startsWith('[stack') || isStack(facts)) {
      const thread = name === '[stack]' ? main : mapper;
      const guard = prot === 0;
      const [kind, text] = guard ? (['guard', 'stack guard'] as const) : (['stack', 'stack'] as const);
      // A stack without a thread pointer is one that a compartment runs on: its key says whose.
      return thread ? this.#ofThread(thread, kind, text) : label(kind, text, (key && this.#world.keyName(key)) || '');
    }
    if (name.startsWith('[')) return label('kernel', name, 'kernel');
    if (name !== '') return ofFile(name, prot !== null && (prot & 4) !== 0);
    if (mapper && mapper.tid === main?.tid) return this.#ofThread(mapper, 'loader-data', 'loader data');
    return prot === 0 ? RESERVED : ANONYMOUS;
  }

  #ofThread(thread: Thread, kind: LabelKind, text: string): Label {
    const known = this.#threadLabels.get(`${thread.tid}${kind}`);
    if (known) return known;
    const made = label(kind, text, threadLabel(thread), { thread: thread.tid });
    this.#threadLabels.set(`${thread.tid}${kind}`, made);
    return made;
  }

  /** Position of the first edge after `addr`. */
  #after(addr: number): number {
    let low = 0;
    let high = this.#edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#edges[middle] ?? 0) > addr) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

const NO_NOTES: readonly string[] = [];

/** What is notable about pages, thread by thread. */
function notesByPage(threads: readonly ThreadWithTls[]): ReadonlyMap<number, readonly string[]> {
  const notes = new Map<number, string[]>();
  const add = (start: number, end: number, note: string): void => {
    for (let page: number = pageOf(start); page < end; page += PAGE) {
      const known = notes.get(page);
      if (known) known.push(note);
      else notes.set(page, [note]);
    }
  };
  for (const { tls, number } of threads) {
    const who = `T${number}`;
    const tp = Number(tls.tp);
    add(tp, tp + 1, `TCB page of ${who}`);
    for (const field of tlsFields(tls)) {
      const shown = field.class === 'TLS block' || field.class === 'rseq area' || field.class === 'stack-pointer slot';
      if (shown) add(field.start, Math.min(field.end, field.start + MOST_NOTED), `${field.name} of ${who}`);
    }
    if (tls.dtv) add(Number(tls.dtv), Number(tls.dtv) + 1, `DTV of ${who}`);
  }
  return notes;
}

interface Part {
  readonly start: number;
  readonly end: number;
}

/** The parts of a module as numbers, and a label for each kind of part. */
class ModuleParts {
  readonly #module: Module;
  readonly #relro: Part | null;
  readonly #shared: Part | null;
  readonly #segments: readonly (Part & { readonly prot: number })[];
  readonly #labels = new Map<LabelKind, Label>();
  #edges: readonly number[] | null = null;

  constructor(module: Module) {
    const { relro, shared, segments } = module.facts;
    this.#module = module;
    this.#relro = relro && wholePages(relro);
    this.#shared = shared && wholePages(shared);
    this.#segments = segments.map((segment) => ({ ...wholePages(segment), prot: segment.prot }));
  }

  /** Where one part may end and another begin. */
  get edges(): readonly number[] {
    this.#edges ??= [...this.#segments, this.#relro, this.#shared].flatMap((part) =>
      part ? [part.start, part.end] : [],
    );
    return this.#edges;
  }

  at(addr: number, ofRegion: number | null, name: string): Label {
    if (holds(this.#relro, addr)) return this.#of('relro', 'RELRO');
    if (holds(this.#shared, addr)) return this.#of('shared-section', 'shared section');
    let prot = ofRegion ?? 0;
    for (const segment of this.#segments) {
      if (!holds(segment, addr)) continue;
      prot = segment.prot;
      break;
    }
    if (prot & 4) return this.#of('code', 'code');
    if (prot & 2) return name === '' ? this.#of('bss', '.bss') : this.#of('data', '.data');
    return prot === 0 ? this.#of('reservation', 'gap, no access') : this.#of('rodata', 'read-only data');
  }

  #of(kind: LabelKind, text: string): Label {
    const known = this.#labels.get(kind);
    if (known) return known;
    const made = label(kind, text, this.#module.short, { module: this.#module });
    this.#labels.set(kind, made);
    return made;
  }
}

const wholePages = (range: { readonly start: string; readonly end: string }): Part => ({
  start: pageOf(Number(range.start)),
  end: pageUp(Number(range.end)),
});
const holds = (part: Part | null, addr: number): boolean => part !== null && part.start <= addr && addr < part.end;

const moduleParts = new WeakMap<Module, ModuleParts>();

function partsOf(module: Module): ModuleParts {
  let parts = moduleParts.get(module);
  if (!parts) {
    parts = new ModuleParts(module);
    moduleParts.set(module, parts);
  }
  return parts;
}

const stacks = new WeakMap<MapFacts, boolean>();

/** Whether a mapping was asked for as a stack. Rows that say the same share their facts, so most answers are known. */
function isStack(facts: MapFacts): boolean {
  let known = stacks.get(facts);
  if (known === undefined) {
    known = facts.flags?.some((flag) => /stack$/i.test(flag)) ?? false;
    stacks.set(facts, known);
  }
  return known;
}

const codeLabels = new Map<string, Label>();
const fileLabels = new Map<string, Label>();

function ofFile(name: string, code: boolean): Label {
  const labels = code ? codeLabels : fileLabels;
  let known = labels.get(name);
  if (!known) {
    known = label(code ? 'code' : 'file', code ? 'code' : name, shortModule(name));
    labels.set(name, known);
  }
  return known;
}

/** Whether two labels say the same. */
export const sameLabel = (a: Label, b: Label): boolean =>
  a === b || (a.kind === b.kind && a.text === b.text && a.owner === b.owner);

const cache = new WeakMap<Space, Labels>();

/** The labels of a space of that world, made once. */
export function labelsOf(world: World, space: Space): Labels {
  const known = cache.get(space);
  if (known) return known;
  const labels = new Labels(world, space);
  cache.set(space, labels);
  return labels;
}

/** True where the loader keeps its state: its own data, or what it mapped for the first thread. */
export const isLoaderData = (found: Label): boolean =>
  found.kind === 'loader-data' ||
  (found.module !== null && isLoader(found.module.name) && (found.kind === 'data' || found.kind === 'bss'));
