/**
 * The few rows of a log that can change what is mapped or which key it has, by where: what the life of a page is read
 * from, in a log of any length.
 */
import { kindCode as K } from './codes.ts';
import type { EventLog } from './eventLog.ts';
import { Rows } from './laneIndex.ts';

/** Bytes of neighbouring memory whose rows are kept together. */
const STRETCH = 1 << 24;
/** A row about more stretches than this is kept with those about everything. */
const FEW = 8;

export class MemoryRows {
  readonly #log: EventLog;
  readonly #near = new Map<number, Rows>();
  /** Rows about a lot of memory, or about all of it: a new program, a new copy of another one. */
  readonly #wide = new Rows();
  #next = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** Rows after `since` and up to `upTo` that may be about the page, newest first. */
  about(page: number, since: number, upTo: number): number[] {
    const near = this.#near.get(Math.floor(page / STRETCH));
    const found: number[] = [];
    let i = near ? after(near, upTo) - 1 : -1;
    let j = after(this.#wide, upTo) - 1;
    for (;;) {
      const a = near && i >= 0 ? near.at(i) : -1;
      const b = j >= 0 ? this.#wide.at(j) : -1;
      const row = Math.max(a, b);
      if (row <= since) return found;
      found.push(row);
      if (row === a) i--;
      else j--;
    }
  }

  /** Reads what is new in the log. */
  follow(): void {
    const { kind, start, end } = this.#log.columns;
    const { length } = this.#log;
    for (let row = this.#next; row < length; row++) {
      const code = kind[row];
      if (code === K.exec || code === K['process-birth']) this.#wide.push(row);
      else if (code === K.map || code === K.unmap || code === K.tag) this.#place(row, start[row] ?? 0, end[row] ?? 0);
    }
    this.#next = length;
  }

  #place(row: number, start: number, end: number): void {
    const first = Math.floor(start / STRETCH);
    const last = Math.floor((end - 1) / STRETCH);
    if (last - first >= FEW) {
      this.#wide.push(row);
      return;
    }
    for (let stretch = first; stretch <= last; stretch++) {
      let rows = this.#near.get(stretch);
      if (!rows) {
        rows = new Rows();
        this.#near.set(stretch, rows);
      }
      rows.push(row);
    }
  }
}

/** Position of the first row after `row`. */
function after(rows: Rows, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows.at(middle) > row) high = middle;
    else low = middle + 1;
  }
  return low;
}

const known = new WeakMap<EventLog, MemoryRows>();

/** The rows of a log, up to date with it. */
export function memoryRows(log: EventLog): MemoryRows {
  const rows = known.get(log) ?? new MemoryRows(log);
  known.set(log, rows);
  rows.follow();
  return rows;
}
