/** What a window over time shows of each thread, with as much detail as its pixels can hold and never more. */

import { asEventIndex, asKey, type EventIndex, KEY_COUNT, type Key } from '../contract/ids.ts';
import type { EventLog } from './eventLog.ts';
import { BAND, type Lane, type LaneIndex, type Rows } from './laneIndex.ts';
import type { TimeRange } from './timeRange.ts';

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
  if (end <= from) return [];
  const out = new Spans(from);
  // The change in force at a time is the last one before it.
  const first = lane.changes.since(from, times) - 1;
  const last = lane.changes.since(end, times) - 1;
  if (last - first <= width) {
    for (let i = first; i <= last; i++) {
      out.put(i === last ? end : (times[lane.changes.at(i + 1)] ?? end), 1 << lane.code(i));
    }
    return out.done();
  }
  const step = (to - from) / width;
  let current = first;
  for (let pixel = 1; pixel <= width; pixel++) {
    const stop = Math.min(from + pixel * step, end);
    const next = lane.changes.since(stop, times, Math.max(0, current)) - 1;
    out.put(stop, lane.mask(current, next));
    current = next;
    if (stop === end) break;
  }
  return out.done();
}

/** Joins neighbours that show the same. Bands are kept as masks until the end, so that a pixel costs no object. */
class Spans {
  readonly #out: BandSpan[] = [];
  #from: number;
  #at: number;
  #mask = 0;

  constructor(from: number) {
    this.#from = from;
    this.#at = from;
  }

  /** The bands of `mask` from where the last ones ended up to `to`. */
  put(to: number, mask: number): void {
    const present = mask & ~(1 << BAND.absent);
    if (to <= this.#at) return;
    if (present !== this.#mask) {
      this.#flush();
      this.#mask = present;
    }
    this.#at = to;
  }

  done(): readonly BandSpan[] {
    this.#flush();
    return this.#out;
  }

  #flush(): void {
    if (this.#mask !== 0 && this.#at > this.#from) this.#out.push(spanOf(this.#from, this.#at, this.#mask));
    this.#from = this.#at;
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

/** Rows of `rows` in the range, those of one of `cells` cells as one mark. */
export function marks(log: EventLog, rows: Rows, { from, to }: TimeRange, cells: number): readonly Mark[] {
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

/** Every row of a thread in the range, oldest first; null where the log holds more than `most` rows there. */
export function eventsOf(log: EventLog, tid: number, { from, to }: TimeRange, most: number): readonly number[] | null {
  const first = log.indexAtTime(from);
  const last = log.indexAtTime(to);
  if (last - first > most) return null;
  const { tid: tids, time } = log.columns;
  const rows: number[] = [];
  for (let row = Math.max(0, first); row <= last; row++)
    if (tids[row] === tid && (time[row] ?? 0) >= from) rows.push(row);
  return rows;
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
