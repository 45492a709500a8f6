/**
 * What lives at an address, named from facts and never from exact starts, so that labels survive splits and merges of
 * regions. One `Labels` belongs to one address space of one world.
 */
import { UNKNOWN_PROT } from '../contract/events.ts';
import { asAddr, PAGE } from '../contract/ids.ts';
import { type Label, type LabelKind, type LabelRun, makeLabel, sameLabel } from './label.ts';
import { type MappingLabels, type MappingTable, mappingTable } from './mappingLabels.ts';
import { type ModuleParts, partsOf } from './moduleParts.ts';
import { threadLabel } from './names.ts';
import { keyOf, mappedOf, protOf, restOf } from './regionChunk.ts';
import type { Region, Space } from './space.ts';
import { ThreadMemory, type ThreadWithTls } from './threadMemory.ts';
import { pageOf, tlsFields } from './tls.ts';
import type { Thread, World } from './world.ts';

/** A TLS block may be as large as a program likes; its first bytes are named. */
const MOST_NOTED = 1 << 24;

const UNMAPPED = makeLabel('unmapped', 'unmapped');
const RESERVED = makeLabel('reservation', 'reserved, no access');
const ANONYMOUS = makeLabel('anonymous', 'anonymous memory');

/** Addresses between two edges: the module and the thread's TLS that all of them lie in, if any. */
interface Zone {
  readonly parts: ModuleParts | null;
  readonly owner: Thread | null;
}

/** Told of a piece of the region that stands at `at` in the `c`th chunk of the space. */
export type PieceVisitor = (
  start: number,
  end: number,
  label: Label,
  prot: number | null,
  key: number | null,
  /** The last row that mapped or tagged it. */
  changed: number,
  c: number,
  at: number,
) => void;

export class Labels {
  readonly #world: World;
  readonly #space: Space;
  readonly #main: Thread | null;
  readonly #memory: ThreadMemory;
  readonly #mappings: MappingTable;
  /** Where labels may change inside a region. */
  readonly #edges: readonly number[];
  /** Where zones change: the edges, and the bounds of modules as their rows tell them. */
  readonly #bounds: readonly number[];
  readonly #threadLabels = new Map<string, Label>();
  #notes: ReadonlyMap<number, readonly string[]> | null = null;

  constructor(world: World, space: Space) {
    const threads = world.threadsOf(space.pid);
    this.#world = world;
    this.#space = space;
    this.#main = threads[0] ?? null;
    this.#memory = new ThreadMemory(threads, space);
    this.#mappings = mappingTable(space.log);
    const edges = this.#memory.extents.flatMap((extent) => [extent.start, extent.end]);
    for (const module of space.modules) edges.push(...partsOf(module).edges);
    this.#edges = sorted(edges);
    this.#bounds = sorted([...edges, ...space.modules.flatMap(({ start, end }) => [start, end])]);
  }

  /** What lives at `addr`. */
  at(addr: number): Label {
    const region = this.#space.at(addr);
    if (!region) return UNMAPPED;
    const mapping = this.#mappings.of(region.mapped);
    return this.#label(mapping, region.mapped, region.prot, region.key, addr, this.#zone(addr));
  }

  /** The region cut at every edge where what lives there changes. */
  runs(region: Region): readonly LabelRun[] {
    const runs: LabelRun[] = [];
    const { mapped, prot, key, end } = region;
    const mapping = this.#mappings.of(mapped);
    for (let i = after(this.#edges, region.start), from: number = region.start; from < end; i++) {
      const to = Math.min(this.#edges[i] ?? end, end);
      const found = this.#label(mapping, mapped, prot, key, from, this.#zone(from));
      const last = runs.at(-1);
      if (last && sameLabel(last.label, found)) runs[runs.length - 1] = { ...last, end: asAddr(to) };
      else runs.push({ start: asAddr(from), end: asAddr(to), label: found });
      from = to;
    }
    return runs;
  }

  /** Calls `visit` for each piece of every region between edges, in address order; neighbours may be alike. */
  walk(visit: PieceVisitor): void {
    const { chunks } = this.#space;
    let [edge, bound] = [0, 0];
    let nextEdge = this.#edges[0] ?? Number.POSITIVE_INFINITY;
    let nextBound = this.#bounds[0] ?? Number.POSITIVE_INFINITY;
    let zone = NOWHERE;
    for (let c = 0; c < chunks.length; c++) {
      const chunk = chunks[c];
      if (!chunk) return;
      for (let i = 0; i < chunk.length; i++) {
        const until = chunk.end(i);
        const what = chunk.what(i);
        const mapped = mappedOf(what);
        const mapping = this.#mappings.of(mapped, chunk.words(i));
        const rest = restOf(what, mapped);
        const prot = protOf(rest) === UNKNOWN_PROT ? null : protOf(rest);
        const key = keyOf(rest) < 0 ? null : keyOf(rest);
        const tagged = chunk.tagged(i);
        for (let from = chunk.start(i); from < until; ) {
          while (nextEdge <= from) nextEdge = this.#edges[++edge] ?? Number.POSITIVE_INFINITY;
          if (nextBound <= from) {
            while (nextBound <= from) nextBound = this.#bounds[++bound] ?? Number.POSITIVE_INFINITY;
            zone = this.#zone(from);
          }
          const to = Math.min(nextEdge, until);
          const label = this.#label(mapping, mapped, prot, key, from, zone);
          visit(from, to, label, prot, key, Math.max(tagged, mapped), c, i);
          from = to;
        }
      }
    }
  }

  /** How many pieces `walk` visits, at most. */
  get most(): number {
    return this.#space.regionCount + this.#edges.length;
  }

  /** Names of the notable things on a page: `TCB page of T1`, `stack-pointer slot of T1`, `DTV of T2`, … */
  notes(page: number): readonly string[] {
    this.#notes ??= notesByPage(this.#memory.threads);
    return this.#notes.get(page) ?? NO_NOTES;
  }

  #zone(addr: number): Zone {
    const module = this.#space.moduleAt(addr);
    return { parts: module && partsOf(module), owner: module ? null : this.#memory.at(addr) };
  }

  #label(
    { name, always, stack, named }: MappingLabels,
    mapped: number,
    prot: number | null,
    key: number | null,
    addr: number,
    zone: Zone,
  ): Label {
    if (always) return always;
    if (zone.parts) return zone.parts.at(addr, prot, name);
    if (zone.owner) return this.#ofThread(zone.owner, 'tls', 'TLS, TCB');
    if (stack) return this.#stack(stack === 'main' ? this.#main : this.#memory.ofMapping(mapped), prot === 0, key);
    if (named) return prot !== null && prot & 4 ? named.code : named.other;
    const mapper = this.#memory.ofMapping(mapped);
    if (mapper && mapper.tid === this.#main?.tid) return this.#ofThread(mapper, 'loader-data', 'loader data');
    return prot === 0 ? RESERVED : ANONYMOUS;
  }

  /** A stack without a thread pointer is one that a compartment runs on: its key says whose. */
  #stack(thread: Thread | null, closed: boolean, key: number | null): Label {
    const kind = closed ? 'guard' : 'stack';
    const text = closed ? 'stack guard' : 'stack';
    return thread ? this.#ofThread(thread, kind, text) : makeLabel(kind, text, (key && this.#world.keyName(key)) || '');
  }

  #ofThread(thread: Thread, kind: LabelKind, text: string): Label {
    const known = this.#threadLabels.get(`${thread.tid}${kind}`);
    if (known) return known;
    const made = makeLabel(kind, text, threadLabel(thread), { thread: thread.tid });
    this.#threadLabels.set(`${thread.tid}${kind}`, made);
    return made;
  }
}

const NO_NOTES: readonly string[] = [];
const NOWHERE: Zone = { parts: null, owner: null };

const sorted = (edges: readonly number[]): number[] => [...new Set(edges)].sort((a, b) => a - b);

/** Position of the first edge after `addr`. */
function after(edges: readonly number[], addr: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? 0) > addr) high = middle;
    else low = middle + 1;
  }
  return low;
}

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

const cache = new WeakMap<Space, Labels>();

/** The labels of a space of that world, made once. */
export function labelsOf(world: World, space: Space): Labels {
  const known = cache.get(space);
  if (known) return known;
  const labels = new Labels(world, space);
  cache.set(space, labels);
  return labels;
}
