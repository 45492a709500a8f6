/**
 * What lives at an address, named from facts and never from exact starts, so that labels survive splits and merges of
 * regions. One `Labels` belongs to one address space of one world.
 */
import { type Addr, asAddr, type Tid } from '../contract/ids.ts';
import { isLoader, shortModule, threadLabel } from './names.ts';
import type { Module, Region, Space } from './space.ts';
import { ThreadMemory } from './threadMemory.ts';
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

const UNMAPPED = label('unmapped', 'unmapped');

export class Labels {
  readonly #world: World;
  readonly #space: Space;
  readonly #threads: readonly Thread[];
  readonly #memory: ThreadMemory;
  readonly #edges: readonly number[];

  constructor(world: World, space: Space) {
    this.#world = world;
    this.#space = space;
    this.#threads = world.threadsOf(space.pid);
    this.#memory = new ThreadMemory(this.#threads, space);
    const edges = this.#memory.extents.flatMap((extent) => [extent.start, extent.end]);
    for (const { facts } of space.modules) {
      for (const range of [...facts.segments, facts.relro, facts.shared]) {
        if (range) edges.push(pageOf(Number(range.start)), pageUp(Number(range.end)));
      }
    }
    this.#edges = [...new Set(edges)].sort((a, b) => a - b);
  }

  /** What lives at `addr`. */
  at(addr: number): Label {
    const region = this.#space.at(addr);
    return region ? this.#in(region, addr) : UNMAPPED;
  }

  /** The region cut at every edge where what lives there changes. */
  runs(region: Region): readonly LabelRun[] {
    const runs: { start: Addr; end: Addr; label: Label }[] = [];
    let start: number = region.start;
    for (let i = this.#after(start); start < region.end; i++) {
      const end = Math.min(this.#edges[i] ?? region.end, region.end);
      const found = this.#in(region, start);
      const last = runs.at(-1);
      if (last && sameLabel(last.label, found)) last.end = asAddr(end);
      else runs.push({ start: asAddr(start), end: asAddr(end), label: found });
      start = end;
    }
    return runs;
  }

  /** Names of the notable things on a page: `TCB page of T1`, `stack-pointer slot of T1`, `DTV of T2`, … */
  notes(page: number): readonly string[] {
    const notes: string[] = [];
    const end = page + 4096;
    for (const { tls, ...thread } of this.#memory.threads) {
      const who = `T${thread.number}`;
      if (pageOf(Number(tls.tp)) === page) notes.push(`TCB page of ${who}`);
      for (const field of tlsFields(tls)) {
        const shown =
          field.class === 'TLS block' || field.class === 'rseq area' || field.class === 'stack-pointer slot';
        if (shown && field.start < end && field.end > page) notes.push(`${field.name} of ${who}`);
      }
      if (tls.dtv && pageOf(Number(tls.dtv)) === page) notes.push(`DTV of ${who}`);
    }
    return notes;
  }

  #in(region: Region, addr: number): Label {
    if (region.name === '[keyhole]') return label('keyhole', 'Keyhole’s stub', 'Keyhole');
    const module = region.module && addr < region.module.end ? region.module : this.#space.moduleAt(addr);
    if (module) return inModule(module, region, addr);
    const owner = this.#memory.at(addr);
    if (owner) return label('tls', 'TLS, TCB', threadLabel(owner), { thread: owner.tid });
    if (region.name === '[heap]') return label('heap', '[heap]');
    const main = this.#threads[0] ?? null;
    const mapper = this.#memory.ofMapping(region.mapped);
    const stacked = region.flags.some((flag) => /stack$/i.test(flag));
    if (region.name.startsWith('[stack') || stacked) {
      const thread = region.name === '[stack]' ? main : mapper;
      const guard = region.prot === 0;
      // A stack without a thread pointer is one that a compartment runs on: its key says whose.
      const whose = thread ? threadLabel(thread) : (region.key && this.#world.keyName(region.key)) || '';
      return label(guard ? 'guard' : 'stack', guard ? 'stack guard' : 'stack', whose, {
        thread: thread?.tid ?? null,
      });
    }
    if (region.name.startsWith('[')) return label('kernel', region.name, 'kernel');
    if (region.name !== '') {
      const code = region.prot !== null && (region.prot & 4) !== 0;
      return label(code ? 'code' : 'file', code ? 'code' : region.name, shortModule(region.name));
    }
    if (mapper && mapper.tid === main?.tid)
      return label('loader-data', 'loader data', threadLabel(mapper), { thread: mapper.tid });
    if (region.prot === 0) return label('reservation', 'reserved, no access');
    return label('anonymous', 'anonymous memory');
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

function inModule(module: Module, region: Region, addr: number): Label {
  const { facts } = module;
  const inside = (range: { start: string; end: string } | null): boolean =>
    range !== null && pageOf(Number(range.start)) <= addr && addr < pageUp(Number(range.end));
  const of = (kind: LabelKind, text: string): Label => label(kind, text, module.short, { module });
  if (inside(facts.relro)) return of('relro', 'RELRO');
  if (inside(facts.shared)) return of('shared-section', 'shared section');
  const prot = facts.segments.find(inside)?.prot ?? region.prot ?? 0;
  if (prot & 4) return of('code', 'code');
  if (prot & 2) return region.name === '' ? of('bss', '.bss') : of('data', '.data');
  return prot === 0 ? of('reservation', 'gap, no access') : of('rodata', 'read-only data');
}

const sameLabel = (a: Label, b: Label): boolean => a.kind === b.kind && a.text === b.text && a.owner === b.owner;

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
