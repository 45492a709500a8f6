import { expect, test } from 'vitest';
import { pan, reveal, toTime, toX, wholeRun, zoom } from './scale.ts';

const whole = { from: 0, to: 1e9 };
const range = { from: 1e8, to: 3e8 };

test('time and pixels are inverse', () => {
  expect(toX(range, 1000, 2e8)).toBe(500);
  expect(toTime(range, 1000, toX(range, 1000, 1.37e8))).toBeCloseTo(1.37e8);
});

test('zoom keeps the time under the pointer where it is', () => {
  const closer = zoom(range, whole, 1.5e8, 0.5);
  if (!closer) throw new Error('zoomed out');
  expect(toX(closer, 1000, 1.5e8)).toBeCloseTo(toX(range, 1000, 1.5e8));
  expect(zoom(range, whole, 2e8, 100)).toBeNull();
  const edge = zoom({ from: 0, to: 1e8 }, whole, 0, 2);
  expect(edge).toEqual({ from: 0, to: 2e8 });
});

test('revealing stays inside the run', () => {
  expect(reveal(range, whole, 2e8)).toBe(range);
  expect(reveal(range, whole, 9.9e8)).toEqual({ from: 8e8, to: 1e9 });
});

test('even an empty run has a scale', () => {
  expect(wholeRun(0).to).toBeGreaterThan(0);
});

test('panning keeps the length and stays within the run', () => {
  expect(pan(range, whole, 0.5)).toEqual({ from: 2e8, to: 4e8 });
  expect(pan(range, whole, -5)).toEqual({ from: 0, to: 2e8 });
  expect(pan(range, whole, 50)).toEqual({ from: 8e8, to: 1e9 });
});
