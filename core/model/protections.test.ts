import { expect, test } from 'vitest';
import { protectedSince } from './protections.ts';
import { ARENA } from './testing/dav1dLayout.ts';
import { syntheticSession } from './testing/synthetic.ts';

const log = syntheticSession({ story: 'live' });
const rows = [...Array(log.length).keys()].filter(
  (row) => log.kind(row) === 'protect' && log.at(row).start === ARENA.start,
);
const row = rows[0] ?? -1;
const { pid, start, end } = log.at(row);

test('a change of protection touches its pages from its row on, and no others', () => {
  const touched = protectedSince(log, pid, row - 1, log.length - 1);
  expect(touched(start, start + 4096)).toBe(true);
  expect(touched(end - 4096, end + 4096)).toBe(true);
  expect(touched(start - 4096, start)).toBe(false);
  expect(touched(end, end + 4096)).toBe(false);
});

test('nothing before, nothing after, nothing of another process', () => {
  expect(protectedSince(log, pid, row, log.length - 1)(start, end)).toBe(false);
  expect(protectedSince(log, pid, -1, row - 1)(start, end)).toBe(false);
  expect(protectedSince(log, pid + 1, -1, log.length - 1)(start, end)).toBe(false);
});
