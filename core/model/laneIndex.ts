/** What lanes are drawn from: each thread's changes of band and its marks, kept up to date as the log grows. */
import { flagBits, rules } from '../contract/events.ts';
import { asPkru, asTid, type Tid } from '../contract/ids.ts';
import { kindCode as K } from './codes.ts';
import type { EventLog } from './eventLog.ts';
import { bandOf } from './rights.ts';

/** Codes of a band; 0 to 15 is the one key that is open beside key 0 (0: key 0 alone). */
export const BAND = { several: 16, open: 17, none: 18, unknown: 19, held: 20, absent: 21 } as const;

const FANOUT = 32;
/** The rule by which a policy tags a module's own data. */
const SEGMENTS = rules.indexOf('S1');

/** A third more, not twice: a million events should not carry half a million empty places. */
const grownFrom = (length: number): number => Math.ceil(length * 1.33);

/** A growing column of row numbers. */
export class Rows {
  #rows = new Int32Array(16);
  length = 0;

  push(row: number): void {
    if (this.length === this.#rows.length) {
      const grown = new Int32Array(grownFrom(this.#rows.length));
      grown.set(this.#rows);
      this.#rows = grown;
    }
    this.#rows[this.length++] = row;
  }

  at(i: number): number {
    return this.#rows[i] ?? -1;
  }

  /** Position of the first row at or after `time`, searched for from position `low` on, nearby first. */
  since(time: number, times: Float64Array, low = 0): number {
    let high = low;
    for (let step = 1; high < this.length && (times[this.at(high)] ?? 0) < time; step *= 2) {
      low = high + 1;
      high += step;
    }
    high = Math.min(high, this.length);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((times[this.at(middle)] ?? 0) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** One thread's lane. `changes[i]` is the row after which the band is `codes[i]`. */
export class Lane {
  readonly tid: Tid;
  pid: number;
  readonly changes = new Rows();
  readonly tags = new Rows();
  readonly faults = new Rows();
  readonly signals = new Rows();
  #codes = new Uint8Array(16);
  /** Level k holds the OR of masks of `FANOUT ** (k + 1)` changes each. */
  readonly #masks: number[][] = [];
  band: number = BAND.unknown;
  held = false;
  /** The code of the last change; -1 before the first. */
  last = -1;

  constructor(tid: number, pid: number) {
    this.tid = asTid(tid);
    this.pid = pid;
  }

  code(i: number): number {
    return i < 0 || i >= this.changes.length ? BAND.absent : (this.#codes[i] ?? BAND.unknown);
  }

  /** Notes the band from `row` on, where it differs from the one before. */
  change(row: number, code: number): void {
    if (this.last === code) return;
    this.last = code;
    const last = this.changes.length;
    if (last === this.#codes.length) {
      const grown = new Uint8Array(grownFrom(last));
      grown.set(this.#codes);
      this.#codes = grown;
    }
    this.#codes[last] = code;
    this.changes.push(row);
    if ((last + 1) % FANOUT === 0) this.#close(last + 1);
  }

  /** The masks of the blocks that end with the `count`th change: only whole blocks are ever asked for. */
  #close(count: number): void {
    for (let level = 0, span = FANOUT; count % span === 0; level++, span *= FANOUT) {
      const below = this.#masks[level - 1];
      const first = (count / span - 1) * FANOUT;
      let mask = 0;
      for (let i = first; i < first + FANOUT; i++) mask |= below ? (below[i] ?? 0) : 1 << this.code(i);
      const masks = this.#masks[level] ?? [];
      masks.push(mask);
      this.#masks[level] = masks;
    }
  }

  /** The bands of changes `[from, to]`, one bit each. */
  mask(from: number, to: number): number {
    if (from < 0) return (1 << BAND.absent) | (to < 0 ? 0 : this.mask(0, to));
    let mask = 0;
    for (let i = from; i <= to; ) {
      let level = -1;
      let span = 1;
      while (i % (span * FANOUT) === 0 && i + span * FANOUT - 1 <= to) {
        span *= FANOUT;
        level++;
      }
      mask |= level < 0 ? 1 << this.code(i) : (this.#masks[level]?.[i / span] ?? 0);
      i += span;
    }
    return mask;
  }
}

export class LaneIndex {
  readonly log: EventLog;
  readonly #lanes = new Map<number, Lane>();
  readonly policies = new Rows();
  /** Modules as they are loaded, tagged by a policy and unloaded, and what the program reached meanwhile. */
  readonly loads = new Rows();
  readonly signals = new Rows();
  #next = 0;

  constructor(log: EventLog) {
    this.log = log;
  }

  /** Lanes of all threads in order of first appearance, up to date with the log. */
  lanes(): readonly Lane[] {
    this.follow();
    return [...this.#lanes.values()];
  }

  lane(tid: number): Lane | null {
    this.follow();
    return this.#lanes.get(tid) ?? null;
  }

  /** Reads what is new in the log; every answer does so first. */
  follow(): void {
    const c = this.log.columns;
    for (let row = this.#next; row < this.log.length; row++) {
      const kind = c.kind[row] ?? 0;
      const tid = c.tid[row] ?? 0;
      if (kind === K.policy) this.policies.push(row);
      else if (kind === K['module-load'] || kind === K['module-unload'] || kind === K.mark) this.loads.push(row);
      else if (kind === K.tag && c.rule[row] === SEGMENTS) this.loads.push(row);
      else if (kind === K.signal) this.signals.push(row);
      if (kind === K['process-exit'] || kind === K.exec) this.#end(c.pid[row] ?? 0, row, kind === K.exec ? tid : 0);
      if (tid === 0) continue;
      let lane = this.#lanes.get(tid);
      if (!lane) {
        lane = new Lane(tid, c.pid[row] ?? 0);
        this.#lanes.set(tid, lane);
        lane.change(row, BAND.unknown);
      }
      if (kind === K.tag) lane.tags.push(row);
      else if (kind === K.fault) lane.faults.push(row);
      else if (kind === K.signal) lane.signals.push(row);
      this.#band(lane, row, kind);
    }
    this.#next = this.log.length;
  }

  #band(lane: Lane, row: number, kind: number): void {
    const c = this.log.columns;
    if ((c.flags[row] ?? 0) & flagBits.rightsKnown) lane.band = bandCode(c.rights[row] ?? 0);
    else if (kind === K.crossing && (c.keyAfter[row] ?? -1) >= 0) lane.band = c.keyAfter[row] ?? 0;
    else if (kind === K['thread-birth']) lane.band = BAND.unknown;
    if (kind === K.hold) lane.held = true;
    else if (kind === K.release || kind === K['thread-birth']) lane.held = false;
    if (kind === K['thread-birth']) lane.pid = c.pid[row] ?? 0;
    if (kind === K['thread-exit']) lane.change(row, BAND.absent);
    else if (lane.last !== BAND.absent || kind === K['thread-birth']) {
      lane.change(row, lane.held ? BAND.held : lane.band);
    }
  }

  /** Every thread of the process but `except` is gone. */
  #end(pid: number, row: number, except: number): void {
    for (const lane of this.#lanes.values()) {
      if (lane.pid === pid && lane.tid !== except) lane.change(row, BAND.absent);
    }
  }
}

// Codes of rights values: a program has few of them, and a million rows say them. Each value has one place that it may be in.
const PLACES = 256;
const values = new Uint32Array(PLACES);
const codes = new Uint8Array(PLACES).fill(BAND.open);

function bandCode(rights: number): number {
  const place = Math.imul(rights, 0x9e3779b1) >>> 24;
  if (values[place] === rights) return codes[place] ?? BAND.unknown;
  const band = bandOf(asPkru(rights));
  const code = band.kind === 'key' ? band.key : BAND[band.kind];
  values[place] = rights;
  codes[place] = code;
  return code;
}
