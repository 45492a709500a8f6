import { expect, test } from 'vitest';
import type { Run } from '../../store/selectors/mapRows.ts';
import { keyLetter } from '../../theme/keys.ts';
import { marksOf } from './runs.ts';

const run = (page: number, pages: number, key: number | null, prot: number, tagged = true): Run => ({
  start: page * 4096,
  end: (page + pages) * 4096,
  key,
  prot,
  tagged,
  carveOut: null,
});

test('a short tagged run is one cell a page', () => {
  const { marks, more } = marksOf([run(1, 15, 1, 3)], keyLetter, 400);
  expect(more).toBe(0);
  expect(marks).toHaveLength(15);
  expect(new Set(marks.map((mark) => mark.text))).toEqual(new Set(['A']));
});

test('a long run is a bar with its count, never wider than the row leaves', () => {
  const { marks } = marksOf([run(1, 16_384, 2, 3)], keyLetter, 400);
  expect(marks.map((mark) => mark.text)).toEqual(['B 16,384 pages']);
  expect(marks[0]?.width).toBeLessThanOrEqual(226);
});

test('read-only and never tagged is hollow, no access is closed, unknown keys keep their mark', () => {
  const { marks } = marksOf(
    [run(0, 3, 0, 5, false), run(3, 1, 0, 0, false), run(4, 1, null, 3), run(5, 1, 0, 1, true)],
    keyLetter,
    400,
  );
  expect(marks.map((mark) => mark.look)).toEqual(['hollow', 'closed', 'key', 'key']);
  expect(marks[2]?.text).toBe('?');
});

test('a row with more runs than room says how many are left out', () => {
  const runs = Array.from({ length: 200 }, (_, i) => run(i, 1, (i % 2) + 1, 3));
  const { marks, more } = marksOf(runs, keyLetter, 400);
  expect(marks.length + more).toBe(200);
  expect(more).toBeGreaterThan(150);
});

test('a bar splits into cells only where the whole row still fits', () => {
  const runs = [run(0, 2000, 1, 3), run(3000, 12, 2, 3), run(4000, 12, 1, 3)];
  const wide = marksOf(runs, keyLetter, 900);
  const narrow = marksOf(runs, keyLetter, 420);
  expect(wide.marks.length).toBe(25);
  expect(narrow.marks.length).toBeLessThan(25);
  expect(narrow.more).toBe(0);
});
