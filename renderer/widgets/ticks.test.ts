import { expect, test } from 'vitest';
import { secondsAxis, ticks } from './ticks.ts';

test('ticks are round and few', () => {
  expect(ticks({ from: 0.15e9, to: 0.29e9 }, 7)).toEqual({
    at: [0.16e9, 0.18e9, 0.2e9, 0.22e9, 0.24e9, 0.26e9, 0.28e9].map((t) => expect.closeTo(t)),
    decimals: 2,
  });
  expect(ticks({ from: 0, to: 10e9 }, 5).decimals).toBe(0);
});

test.each([
  { from: 0, to: 0.126e9 },
  { from: 6_470_000, to: 6_490_000 },
  { from: 0, to: 73e9 },
])('an axis of seconds says where its marks are: $from to $to', (range) => {
  const axis = secondsAxis(range, 6);
  expect(axis.ticks.length).toBeGreaterThan(2);
  for (const time of axis.ticks) expect(Number.parseFloat(axis.tickFormatter(time)) * 1e9).toBeCloseTo(time, 0);
});
