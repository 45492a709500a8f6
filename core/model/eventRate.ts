/** How many events of each group happened when. Prefix sums over blocks of rows make a chart cost its bins, not its events. */
import { type EventKind, eventKinds } from '../contract/events.ts';
import type { EventLog } from './eventLog.ts';
import type { TimeRange } from './timeRange.ts';

export const kindGroups = ['gates', 'memory', 'keys', 'threads', 'trouble', 'other'] as const;
export type KindGroup = (typeof kindGroups)[number];

const GROUPS: Readonly<Record<Exclude<KindGroup, 'other'>, readonly EventKind[]>> = {
  gates: ['crossing', 'rights'],
  memory: ['map', 'unmap', 'protect', 'module-load', 'module-unload'],
  keys: ['tag', 'key-alloc', 'key-free', 'policy'],
  threads: ['process-birth', 'process-exit', 'exec', 'detach', 'thread-birth', 'thread-exit', 'thread-name', 'tls'],
  trouble: ['fault', 'signal', 'finding', 'verdict'],
};

/** The group of a kind; `other` for marks, stops, output and the scheduler. */
export function groupOf(kind: EventKind): KindGroup {
  for (const group of kindGroups) if (group !== 'other' && GROUPS[group].includes(kind)) return group;
  return 'other';
}

const groupCodes = Uint8Array.from(eventKinds, (kind) => kindGroups.indexOf(groupOf(kind)));
const WIDTH = kindGroups.length;
const BLOCK = 256;

/** Events of each group in one bin of time. */
export interface RateBin extends TimeRange {
  readonly total: number;
  readonly byGroup: Readonly<Record<KindGroup, number>>;
}

/** Counts of each group before every `BLOCK`th row of a log. */
class Prefixes {
  readonly #log: EventLog;
  readonly #sums: number[] = new Array<number>(WIDTH).fill(0);
  /** Counts of all whole blocks. */
  readonly #all = new Int32Array(WIDTH);

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** Counts of each group among rows `[0, row)`. */
  before(row: number): number[] {
    for (let block = this.#sums.length / WIDTH; block * BLOCK <= this.#log.length; block++) {
      this.#count(this.#all, (block - 1) * BLOCK, block * BLOCK);
      for (let group = 0; group < WIDTH; group++) this.#sums.push(this.#all[group] ?? 0);
    }
    const block = Math.floor(row / BLOCK);
    const sums = Int32Array.from({ length: WIDTH }, (_, group) => this.#sums[block * WIDTH + group] ?? 0);
    this.#count(sums, block * BLOCK, row);
    return [...sums];
  }

  #count(sums: Int32Array, from: number, to: number): void {
    const kinds = this.#log.columns.kind;
    for (let i = from; i < to; i++) {
      const group = groupCodes[kinds[i] ?? 0] ?? 0;
      sums[group] = (sums[group] ?? 0) + 1;
    }
  }
}

const known = new WeakMap<EventLog, Prefixes>();

/** How many events of each group fell into each of `bins` equal parts of the range. */
export function eventRate(log: EventLog, { from, to }: TimeRange, bins: number): readonly RateBin[] {
  const prefixes = known.get(log) ?? new Prefixes(log);
  known.set(log, prefixes);
  const step = (to - from) / bins;
  const edge = (bin: number): number => (bin === bins ? to : from + bin * step);
  let before = prefixes.before(firstAt(log, from));
  return Array.from({ length: bins }, (_, bin) => {
    const after = prefixes.before(firstAt(log, edge(bin + 1)));
    const own = after.map((sum, group) => sum - (before[group] ?? 0));
    before = after;
    return {
      from: edge(bin),
      to: edge(bin + 1),
      total: own.reduce((sum, n) => sum + n, 0),
      byGroup: Object.fromEntries(kindGroups.map((group, i) => [group, own[i] ?? 0])) as Record<KindGroup, number>,
    };
  });
}

/** A rate is told over no shorter time: a lone event in a bin of microseconds is not 100,000 a second. */
export const SHORTEST_RATE = 10e6;

/** The most events in any run of neighbouring bins that is just long enough for a rate; null where all of them are not. */
export function peakRate(bins: readonly RateBin[]): { readonly perSecond: number; readonly over: number } | null {
  const width = (bins[0]?.to ?? 0) - (bins[0]?.from ?? 0);
  const many = Math.ceil(SHORTEST_RATE / width);
  if (bins.length === 0 || many > bins.length) return null;
  let [sum, most] = [0, 0];
  bins.forEach((bin, i) => {
    sum += bin.total - (bins[i - many]?.total ?? 0);
    most = Math.max(most, sum);
  });
  const over = many * width;
  return { perSecond: (most * 1e9) / over, over };
}

/** The first row at or after `time`. */
function firstAt(log: EventLog, time: number): number {
  const times = log.columns.time;
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
