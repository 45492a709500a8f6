import type { EventKind } from '../../../core/contract/events.ts';
import { kindCode } from '../../../core/model/codes.ts';
import type { EventLog } from '../../../core/model/eventLog.ts';

/** Kinds that are rare enough to list by row, and that people step through. */
const listed = ['fault', 'finding', 'policy', 'output', 'mark', 'signal', 'stop', 'module-load', 'verdict'] as const;
export type ListedKind = (typeof listed)[number] & EventKind;

class RowIndex {
  #seen = 0;
  /** Rows by code of their kind; nothing where that is not listed. */
  readonly #rows: (number[] | undefined)[] = [];

  constructor() {
    for (const kind of listed) this.#rows[kindCode[kind]] = [];
  }

  /** Rows of a kind in the whole log; only new rows are read. */
  of(log: EventLog, kind: ListedKind): readonly number[] {
    const { length } = log;
    if (this.#seen < length) this.#read(log.columns.kind, length);
    return this.#rows[kindCode[kind]] ?? [];
  }

  #read(kinds: Uint8Array, length: number): void {
    const rows = this.#rows;
    for (let row = this.#seen; row < length; row++) rows[kinds[row] ?? 0]?.push(row);
    this.#seen = length;
  }
}

const indexes = new WeakMap<EventLog, RowIndex>();

/** Rows of a kind up to and with row `upTo`, oldest first. */
export function rowsOf(log: EventLog, kind: ListedKind, upTo = log.length - 1): readonly number[] {
  let index = indexes.get(log);
  if (!index) {
    index = new RowIndex();
    indexes.set(log, index);
  }
  const all = index.of(log, kind);
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((all[middle] ?? 0) <= upTo) low = middle + 1;
    else high = middle;
  }
  return low === all.length ? all : all.slice(0, low);
}
