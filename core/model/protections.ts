/** Which memory had its protection changed since an instant: a region itself keeps its mapping and its tag only. */
import { flagBits } from '../contract/events.ts';
import { kindCode } from './codes.ts';
import type { EventLog } from './eventLog.ts';

/** Which is the last of some rows, in order, after which any page of a range was given another protection; -1 for none. */
export function protectedAfter(
  log: EventLog,
  pid: number,
  rows: readonly number[],
  upTo: number,
): (start: number, end: number) => number {
  const since = rows.map((row) => protectedSince(log, pid, row, upTo));
  return (start, end) => since.findLastIndex((touched) => touched(start, end));
}

/**
 * Whether any page of a range was given another protection by a row after `since`, up to row `upTo`. Rows that changed
 * nothing count as well: the program asked.
 */
export function protectedSince(
  log: EventLog,
  pid: number,
  since: number,
  upTo: number,
): (start: number, end: number) => boolean {
  const c = log.columns;
  const ranges: [start: number, end: number][] = [];
  for (let row = since + 1; row <= upTo; row++) {
    if (c.kind[row] !== kindCode.protect || c.pid[row] !== pid) continue;
    if (((c.flags[row] ?? 0) & flagBits.failed) === 0) ranges.push([c.start[row] ?? 0, c.end[row] ?? 0]);
  }
  const merged: [start: number, end: number][] = [];
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return (start, end) => {
    let low = 0;
    let high = merged.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((merged[middle]?.[1] ?? 0) > start) high = middle;
      else low = middle + 1;
    }
    return (merged[low]?.[0] ?? Number.POSITIVE_INFINITY) < end;
  };
}
