import { expect, test } from 'vitest';
import { eventRate, peakRate } from './eventRate.ts';
import { LogBuilder } from './testing/logBuilder.ts';

const MS = 1e6;

/** A log with an event at each of these milliseconds. */
function logAt(times: readonly number[]) {
  const b = new LogBuilder();
  for (const time of times) b.row('crossing', { time: time * MS });
  return b.log();
}
const peak = (times: readonly number[], end: number, bins: number) =>
  peakRate(eventRate(logAt(times), { from: 0, to: end * MS }, bins));

test('a lone event in a bin of microseconds is one event in ten milliseconds', () => {
  // Bins of 0.1 ms: over one of them this would be 10,000 events a second.
  expect(peak([5], 100, 1000)).toEqual({ perSecond: 100, over: 10 * MS });
});

test('the most events in any ten milliseconds, wherever these begin', () => {
  const burst = Array.from({ length: 50 }, (_, i) => 35 + i / 10);
  expect(peak([1, 2, 3, ...burst, 90], 100, 100)).toEqual({ perSecond: 5000, over: 10 * MS });
});

test('bins that are long enough are taken as they are', () => {
  expect(peak([10, 20, 30, 900], 1000, 10)).toEqual({ perSecond: 30, over: 100 * MS });
});

test('a run of a few milliseconds has no rate', () => {
  expect(peak([0, 1, 2], 3, 100)).toBeNull();
  expect(peakRate([])).toBeNull();
});
