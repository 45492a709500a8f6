/** Small loops over the log that several parts need. */
import type { EventKind } from '../contract/events.ts';
import { kindCode } from './codes.ts';
import type { EventLog } from './eventLog.ts';

/** Rows of one kind, in order. */
export function rowsOfKind(log: EventLog, kind: EventKind, from = 0, to = log.length): number[] {
  const code = kindCode[kind];
  const column = log.columns.kind;
  const rows: number[] = [];
  for (let row = from; row < to; row++) if (column[row] === code) rows.push(row);
  return rows;
}
