/** The few rows of a log that can change what is mapped or which key it has: what the life of a page is read from. */
import { kindCode as K } from './codes.ts';
import type { EventLog } from './eventLog.ts';
import { Rows } from './laneIndex.ts';

const TOUCHING = new Set([K.map, K.unmap, K.tag, K.exec, K['process-birth']]);
const touching = Uint8Array.from({ length: 256 }, (_, code) => (TOUCHING.has(code) ? 1 : 0));

export class MemoryRows {
  readonly #log: EventLog;
  readonly #rows = new Rows();
  #next = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  get length(): number {
    return this.#rows.length;
  }

  at(i: number): number {
    return this.#rows.at(i);
  }

  /** Position of the first of them after row `row`. */
  after(row: number): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#rows.at(middle) > row) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Reads what is new in the log. */
  follow(): void {
    const { kind } = this.#log.columns;
    const { length } = this.#log;
    for (let row = this.#next; row < length; row++) if (touching[kind[row] ?? 0] === 1) this.#rows.push(row);
    this.#next = length;
  }
}

const known = new WeakMap<EventLog, MemoryRows>();

/** The rows of a log, up to date with it. */
export function memoryRows(log: EventLog): MemoryRows {
  const rows = known.get(log) ?? new MemoryRows(log);
  known.set(log, rows);
  rows.follow();
  return rows;
}
