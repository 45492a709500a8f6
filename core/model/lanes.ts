/** What a window over time shows of each thread, with as much detail as its pixels can hold and never more. */

import { type EventKind, eventKinds } from '../contract/events.ts';
import { asEventIndex, asKey, type EventIndex, KEY_COUNT, type Key } from '../contract/ids.ts';
import type { EventLog } from './eventLog.ts';
import { BAND, type Lane, type LaneIndex, type Rows } from './laneIndex.ts';

/** Program time in ns, `from` included and `to` not. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export type BandKind = 'key' | 'several' | 'open' | 'none' | 'unknown' | 'held' | 'mixed';

/** A stretch of a rights band. `mixed`: the pixel holds several bands; `keys` are the keys among them. */
export interface BandSpan extends TimeRange {
  readonly kind: BandKind;
  readonly keys: readonly Key[];
  /** True where every key was open at some time of the span. */
  readonly wideOpen: boolean;
  /** True where the scheduler held the thread at some time of the span. */
  readonly held: boolean;
}

/** One mark, or several that lie too close to tell apart. */
export interface Mark extends TimeRange {
  readonly count: number;
  readonly first: EventIndex;
  readonly last: EventIndex;
}

export interface TagMark extends Mark {
  /** Keys the tags gave, by first use; of the first 64 tags of a dense mark. */
  readonly keys: readonly Key[];
}

export interface LaneView {
  readonly tid: number;
  readonly spans: readonly BandSpan[];
  readonly tags: readonly TagMark[];
  readonly faults: readonly Mark[];
  readonly signals: readonly Mark[];
}

/** Width of a tag mark and of a fault mark: marks closer than this are one. */
const TAG_PIXELS = 8;
const FAULT_PIXELS = 4;

/** The lane of one thread over a range of time that is `width` pixels wide. */
export function laneView(index: LaneIndex, lane: Lane, range: TimeRange, width: number): LaneView {
  const { log } = index;
  return {
    tid: lane.tid,
    spans: spansOf(log, lane, range, Math.max(1, Math.floor(width))),
    tags: marks(log, lane.tags, range, width / TAG_PIXELS).map((mark) => ({
      ...mark,
      keys: keysOf(log, lane.tags, mark),
    })),
    faults: marks(log, lane.faults, range, width / FAULT_PIXELS),
    signals: marks(log, lane.signals, range, width / FAULT_PIXELS),
  };
}

/** A policy in force over time; `name` null = nothing applied yet. `to` is the end of the log for the last. */
export interface PolicySpan extends TimeRange {
  readonly name: string | null;
  readonly event: EventIndex | null;
}

/** The policies that were in force, one after the other, over the whole log. */
export function policySpans(index: LaneIndex): readonly PolicySpan[] {
  const { log } = index;
  index.lanes();
  const spans: { from: number; to: number; name: string | null; event: EventIndex | null }[] = [
    { from: 0, to: log.time(log.length - 1), name: null, event: null },
  ];
  for (let i = 0; i < index.policies.length; i++) {
    const row = index.policies.at(i);
    const facts = log.facts(row, 'policy');
    const last = spans.at(-1);
    if (!facts || !last || facts.why === 'manual' || facts.policy === last.name) continue;
    const time = log.time(row);
    spans.push({ from: time, to: last.to, name: facts.policy, event: asEventIndex(row) });
    last.to = time;
  }
  return spans;
}

function spansOf(log: EventLog, lane: Lane, { from, to }: TimeRange, width: number): readonly BandSpan[] {
  const times = log.columns.time;
  const end = Math.min(to, log.time(log.length - 1));
  const out: BandSpan[] = [];
  if (end <= from) return out;
  // The change in force at `time` is the one before the first at or after it, or that one if it is exact.
  const before = (time: number): number => lane.changes.since(time, times) - 1;
  const first = before(from);
  const last = before(end);
  if (last - first <= width) {
    for (let i = first; i <= last; i++) {
      const start = i === first ? from : (times[lane.changes.at(i)] ?? from);
      const stop = i === last ? end : (times[lane.changes.at(i + 1)] ?? end);
      if (stop > start) put(out, start, stop, 1 << lane.code(i));
    }
    return out;
  }
  const step = (to - from) / width;
  let current = first;
  for (let pixel = 0; pixel < width; pixel++) {
    const start = from + pixel * step;
    const stop = Math.min(start + step, end);
    if (stop <= start) break;
    const next = before(stop);
    put(out, start, stop, lane.mask(current, next));
    current = next;
  }
  return out;
}

/** Adds a span of the bands in `mask`, or lengthens the last one if it shows the same. */
function put(out: BandSpan[], from: number, to: number, mask: number): void {
  const present = mask & ~(1 << BAND.absent);
  if (present === 0) return;
  const made = spanOf(from, to, present);
  const last = out.at(-1);
  const same = last && last.to === from && last.kind === made.kind && last.wideOpen === made.wideOpen;
  if (same && last.held === made.held && last.keys.join() === made.keys.join()) {
    out[out.length - 1] = { ...last, to };
  } else {
    out.push(made);
  }
}

const SINGLE: Readonly<Record<number, BandKind>> = {
  [BAND.several]: 'several',
  [BAND.open]: 'open',
  [BAND.none]: 'none',
  [BAND.unknown]: 'unknown',
  [BAND.held]: 'held',
};

function spanOf(from: number, to: number, mask: number): BandSpan {
  const single = (mask & (mask - 1)) === 0;
  const keys: Key[] = [];
  for (let key = 0; key < KEY_COUNT; key++) if (mask & (1 << key)) keys.push(asKey(key));
  const kind = !single ? 'mixed' : keys.length === 1 ? 'key' : (SINGLE[31 - Math.clz32(mask)] ?? 'unknown');
  return { from, to, kind, keys, wideOpen: (mask & (1 << BAND.open)) !== 0, held: (mask & (1 << BAND.held)) !== 0 };
}

/** Rows of `rows` in the range, those of one cell as one mark. */
function marks(log: EventLog, rows: Rows, { from, to }: TimeRange, cells: number): readonly Mark[] {
  const times = log.columns.time;
  const out: Mark[] = [];
  const step = (to - from) / Math.max(1, Math.floor(cells));
  const stop = rows.since(to, times);
  for (let i = rows.since(from, times); i < stop; ) {
    const time = times[rows.at(i)] ?? 0;
    const cellEnd = from + (Math.floor((time - from) / step) + 1) * step;
    const next = Math.max(i + 1, Math.min(stop, rows.since(cellEnd, times)));
    const last = rows.at(next - 1);
    out.push({
      from: time,
      to: times[last] ?? time,
      count: next - i,
      first: asEventIndex(rows.at(i)),
      last: asEventIndex(last),
    });
    i = next;
  }
  return out;
}

function keysOf(log: EventLog, tags: Rows, mark: Mark): readonly Key[] {
  const times = log.columns.time;
  const keys = new Set<number>();
  const start = tags.since(mark.from, times);
  for (let i = start; i < Math.min(start + mark.count, start + 64); i++) {
    const key = log.columns.keyAfter[tags.at(i)] ?? -1;
    if (key >= 0) keys.add(key);
  }
  return [...keys].map(asKey);
}

export const kindGroups = ['gates', 'memory', 'keys', 'threads', 'trouble', 'other'] as const;
export type KindGroup = (typeof kindGroups)[number];

const GROUP_OF: Partial<Record<EventKind, KindGroup>> = {
  crossing: 'gates',
  rights: 'gates',
  map: 'memory',
  unmap: 'memory',
  protect: 'memory',
  'module-load': 'memory',
  'module-unload': 'memory',
  tag: 'keys',
  'key-alloc': 'keys',
  'key-free': 'keys',
  policy: 'keys',
  'process-birth': 'threads',
  'process-exit': 'threads',
  exec: 'threads',
  'thread-birth': 'threads',
  'thread-exit': 'threads',
  tls: 'threads',
  fault: 'trouble',
  signal: 'trouble',
  finding: 'trouble',
  verdict: 'trouble',
};
const groupCodes = eventKinds.map((kind) => kindGroups.indexOf(GROUP_OF[kind] ?? 'other'));

/** Events of each group in one bin of time. */
export interface RateBin extends TimeRange {
  readonly total: number;
  readonly byGroup: Readonly<Record<KindGroup, number>>;
}

/** How many events of each group fell into each of `bins` equal parts of the range. */
export function eventRate(log: EventLog, { from, to }: TimeRange, bins: number): readonly RateBin[] {
  const counts = new Uint32Array(bins * kindGroups.length);
  const { time, kind } = log.columns;
  const scale = bins / (to - from);
  for (let row = log.indexAtTime(from - 1) + 1; row < log.length; row++) {
    const at = time[row] ?? 0;
    if (at >= to) break;
    if (at < from) continue;
    const cell =
      Math.min(bins - 1, Math.floor((at - from) * scale)) * kindGroups.length + (groupCodes[kind[row] ?? 0] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const step = (to - from) / bins;
  return Array.from({ length: bins }, (_, bin) => {
    const own = [...counts.subarray(bin * kindGroups.length, (bin + 1) * kindGroups.length)];
    return {
      from: from + bin * step,
      to: from + (bin + 1) * step,
      total: own.reduce((sum, n) => sum + n, 0),
      byGroup: Object.fromEntries(kindGroups.map((group, i) => [group, own[i] ?? 0])) as Record<KindGroup, number>,
    };
  });
}
