import { expect, test } from 'vitest';
import { keyColours, keyLetter } from '../../theme/keys.ts';
import type { Look } from './looks.ts';
import { type LookRun, marksOf } from './runs.ts';

const solid = (key: number): Look => ({
  words: '',
  letter: keyLetter(key),
  colour: keyColours[key] ?? '',
  fill: 'solid',
});
const flat = (fill: Look['fill'], letter = ''): Look => ({ words: '', letter, colour: '', fill });
const run = (page: number, pages: number, look: Look): LookRun => ({
  start: page * 4096,
  end: (page + pages) * 4096,
  look,
  carveOut: null,
});

test('a short tagged run is one cell a page', () => {
  const { marks, more } = marksOf([run(1, 15, solid(1))], 400);
  expect(more).toBe(0);
  expect(marks).toHaveLength(15);
  expect(new Set(marks.map((mark) => mark.text))).toEqual(new Set(['A']));
});

test('a long run is a bar with its count, never wider than the row leaves', () => {
  const { marks } = marksOf([run(1, 16_384, solid(2))], 400);
  expect(marks.map((mark) => mark.text)).toEqual(['B 16,384 pages']);
  expect(marks[0]?.width).toBeLessThanOrEqual(226);
});

test('read-only runs say their pages, reservations their count, unknown keys keep their mark', () => {
  const { marks } = marksOf(
    [
      run(0, 3, flat('hollow')),
      run(3, 1, flat('hatched')),
      run(4, 200, flat('hatched')),
      run(204, 1, flat('dotted', '?')),
    ],
    400,
  );
  expect(marks.map((mark) => mark.text)).toEqual(['3 pages', '1', '200 reserved', '?']);
});

test('a row with more runs than room says how many are left out', () => {
  const runs = Array.from({ length: 200 }, (_, i) => run(i, 1, solid((i % 2) + 1)));
  const { marks, more } = marksOf(runs, 400);
  expect(marks.length + more).toBe(200);
  expect(more).toBeGreaterThan(150);
});

test('a bar splits into cells only where the whole row still fits', () => {
  const runs = [run(0, 2000, solid(1)), run(3000, 12, solid(2)), run(4000, 12, solid(1))];
  const wide = marksOf(runs, 900);
  const narrow = marksOf(runs, 420);
  expect(wide.marks.length).toBe(25);
  expect(narrow.marks.length).toBeLessThan(25);
  expect(narrow.more).toBe(0);
});
