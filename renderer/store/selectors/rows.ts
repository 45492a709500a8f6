import type { EventKind } from '../../../core/contract/events.ts';
import { kindCode } from '../../../core/model/codes.ts';
import type { EventLog } from '../../../core/model/eventLog.ts';

/** Kinds that are rare enough to list by row, and that people step through. */
const listed = ['fault', 'finding', 'policy', 'output', 'mark', 'signal', 'stop', 'module-load', 'verdict'] as const;
export type ListedKind = (typeof listed)[number] & EventKind;

class RowIndex {
  #seen = 0;
  readonly #rows = new Map<number, number[]>(listed.map((kind) => [kindCode[kind], []]));

  /** Rows of a kind in the whole log; only new rows are read. */
  of(log: EventLog, kind: ListedKind): readonly number[] {
    const { kind: kinds } = log.columns;
    for (; this.#seen < log.length; this.#seen++) this.#rows.get(kinds[this.#seen] ?? 0)?.push(this.#seen);
    return this.#rows.get(kindCode[kind]) ?? [];
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
