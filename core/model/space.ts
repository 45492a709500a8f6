/** One address space at one instant: its regions with names and reasons, its modules, its keys. */
import type { MapFacts, ModuleFacts } from '../contract/details.ts';
import { type Cause, type Rule, UNKNOWN_PROT } from '../contract/events.ts';
import {
  type Addr,
  asAddr,
  asEventIndex,
  asKey,
  asPid,
  type EventIndex,
  KEY_COUNT,
  type Key,
  type Pid,
} from '../contract/ids.ts';
import type { EventLog } from './eventLog.ts';
import { shortModule } from './names.ts';
import type { RegionChunk } from './regionChunk.ts';
import type { Span } from './regionMap.ts';
import { NONE, type SpaceState } from './state.ts';

/** The last tag of a region: which row, who, by which rule. */
export interface LastTag {
  readonly event: EventIndex;
  readonly time: number;
  readonly cause: Cause;
  readonly rule: Rule;
}

/** A run of pages that are alike. `key` or `prot` null = unknown; `tag` null = never tagged. */
export interface Region {
  readonly start: Addr;
  readonly end: Addr;
  readonly prot: number | null;
  readonly key: Key | null;
  /** Path, `[heap]`, `[stack]`, or '' for anonymous memory. */
  readonly name: string;
  readonly flags: readonly string[];
  readonly tag: LastTag | null;
  readonly everTagged: boolean;
  /** The row that mapped it, and who did. */
  readonly mapped: EventIndex;
  readonly mappedBy: Cause;
  readonly module: Module | null;
}

export interface Module {
  readonly name: string;
  /** `libdav1d` for `libdav1d.so.6`. */
  readonly short: string;
  readonly path: string;
  readonly start: Addr;
  readonly end: Addr;
  readonly event: EventIndex;
  readonly key: Key | null;
  readonly facts: ModuleFacts;
}

export interface KeyAllocation {
  readonly key: Key;
  readonly event: EventIndex;
  readonly time: number;
  readonly by: number;
}

const NO_FLAGS: readonly string[] = [];

/** A module is what its row says, so it is the same object at every instant. */
const known = new WeakMap<ModuleFacts, Module>();

const moduleOf = (log: EventLog, row: number, facts: ModuleFacts): Module => ({
  name: facts.name,
  short: shortModule(facts.name || facts.path),
  path: facts.path,
  start: asAddr(log.columns.start[row] ?? 0),
  end: asAddr(log.columns.end[row] ?? 0),
  event: asEventIndex(row),
  key: facts.key === null ? null : asKey(facts.key),
  facts,
});

export class Space {
  readonly pid: Pid;
  readonly parent: Pid | null;
  readonly exited: EventIndex | null;
  /** The log that it was read from. */
  readonly log: EventLog;
  readonly #state: SpaceState;
  #modules: readonly Module[] | null = null;
  #byStart: readonly Module[] | null = null;
  #list: readonly Region[] | null = null;

  /** `memory` is the space whose pages these are: another one's while a vfork child borrows them. */
  constructor(state: SpaceState, memory: SpaceState, log: EventLog) {
    this.pid = asPid(state.pid);
    this.parent = state.parent === NONE ? null : asPid(state.parent);
    this.exited = state.exited === NONE ? null : asEventIndex(state.exited);
    this.#state = memory;
    this.log = log;
  }

  get regionCount(): number {
    return this.#state.regions.size;
  }

  /** Modules in load order. */
  get modules(): readonly Module[] {
    this.#modules ??= this.#state.modules.flatMap((row) => {
      const facts = this.log.facts(row, 'module-load');
      if (!facts) return [];
      const module = known.get(facts) ?? moduleOf(this.log, row, facts);
      known.set(facts, module);
      return [module];
    });
    return this.#modules;
  }

  moduleAt(addr: number): Module | null {
    this.#byStart ??= [...this.modules].sort((a, b) => a.start - b.start);
    let low = 0;
    let high = this.#byStart.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#byStart[middle]?.start ?? 0) <= addr) low = middle + 1;
      else high = middle;
    }
    const below = this.#byStart[low - 1];
    return below && addr < below.end ? below : null;
  }

  /** The address space in runs of neighbouring regions that never change: whoever derives from them can remember. */
  get chunks(): readonly RegionChunk[] {
    return this.#state.regions.chunks;
  }

  /** What the row that mapped a region says of it. */
  mapFacts(mapped: number): MapFacts {
    return this.log.mapFacts(mapped);
  }

  /** The region that holds `addr`, or null where nothing is mapped. */
  at(addr: number): Region | null {
    const span = this.#state.regions.at(addr);
    return span && this.#region(span);
  }

  /** Every region that touches the range, in order. */
  *range(start?: number, end?: number): Generator<Region, void, undefined> {
    for (const span of this.#state.regions.range(start, end)) yield this.#region(span);
  }

  /** All regions in order; made once. */
  get regions(): readonly Region[] {
    this.#list ??= [...this.range()];
    return this.#list;
  }

  /** Bare numbers of every region, for counting loops. `prot` 255 and `key` -1 = unknown. */
  forEach(visit: Parameters<SpaceState['regions']['forEach']>[0]): void {
    this.#state.regions.forEach(visit);
  }

  /** Who allocated each key, by `pkey_alloc`; keys of a launch file's compartments may have none. */
  get keys(): readonly KeyAllocation[] {
    const found: KeyAllocation[] = [];
    for (let key = 0; key < KEY_COUNT; key++) {
      const row = this.#state.keyAlloc[key] ?? NONE;
      if (row === NONE) continue;
      const { columns } = this.log;
      found.push({
        key: asKey(key),
        event: asEventIndex(row),
        time: columns.time[row] ?? 0,
        by: columns.tid[row] ?? 0,
      });
    }
    return found;
  }

  #region(span: Span): Region {
    const facts = this.mapFacts(span.mapped);
    return {
      start: asAddr(span.start),
      end: asAddr(span.end),
      prot: span.prot === UNKNOWN_PROT ? null : span.prot,
      key: span.key < 0 ? null : asKey(span.key),
      name: facts.name,
      flags: facts.flags ?? NO_FLAGS,
      tag: span.tagged === NONE ? null : this.#tag(span.tagged),
      everTagged: span.tagged !== NONE,
      mapped: asEventIndex(span.mapped),
      mappedBy: this.log.cause(span.mapped),
      module: this.moduleAt(span.start),
    };
  }

  #tag(row: number): LastTag {
    const { log } = this;
    return { event: asEventIndex(row), time: log.time(row), cause: log.cause(row), rule: log.rule(row) };
  }
}
