import type { TimeRange } from '../../../core/model/timeRange.ts';

/** The shortest range worth looking at, in ns. */
const SHORTEST = 2000;

export const toX = (range: TimeRange, width: number, time: number): number =>
  ((time - range.from) / (range.to - range.from)) * width;

export const toTime = (range: TimeRange, width: number, x: number): number =>
  range.from + (x / width) * (range.to - range.from);

/** The whole run; never empty, so that a scale always exists. */
export const wholeRun = (end: number): TimeRange => ({ from: 0, to: Math.max(end * 1.02, 1e6) });

/** Zoom by `factor` (below 1 = closer) around `time`; null when that shows everything again. */
export function zoom(range: TimeRange, whole: TimeRange, time: number, factor: number): TimeRange | null {
  const length = Math.max(SHORTEST, (range.to - range.from) * factor);
  if (length >= whole.to - whole.from) return null;
  const share = (time - range.from) / (range.to - range.from);
  const from = Math.min(Math.max(whole.from, time - share * length), whole.to - length);
  return { from, to: from + length };
}

/** The range moved on by `share` of its own length, within the whole. */
export function pan(range: TimeRange, whole: TimeRange, share: number): TimeRange {
  const length = range.to - range.from;
  const from = Math.max(whole.from, Math.min(range.from + share * length, whole.to - length));
  return { from, to: from + length };
}

/** The range with `time` inside it; the same one when it already is. */
export function reveal(range: TimeRange, whole: TimeRange, time: number): TimeRange {
  if (range.from <= time && time <= range.to) return range;
  const length = range.to - range.from;
  const from = Math.min(Math.max(whole.from, time - length / 2), Math.max(whole.from, whole.to - length));
  return { from, to: from + length };
}
