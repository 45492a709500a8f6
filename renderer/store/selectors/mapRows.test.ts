import { expect, test } from 'vitest';
import { History } from '../../../core/model/history.ts';
import { FOLD, mapIndexOf } from '../../../core/model/mapIndex.ts';
import { syntheticSession } from '../../../core/model/testing/synthetic.ts';
import { mapRow, memorySignature, plannedCarveOuts } from './mapRows.ts';

const log = syntheticSession({ story: 'live' });
const history = new History(log);
const alive = Array.from({ length: log.length }, (_, i) => log.kind(i)).indexOf('thread-exit') - 1;
const world = history.at(alive);
if (!world.main) throw new Error('no process');
const index = mapIndexOf(world, world.main);
const rows = Array.from({ length: index.length }, (_, i) => mapRow(index, i));

test('every mapped page is on exactly one line, in order', () => {
  const mapped = (world.main?.regions ?? []).reduce((sum, region) => sum + region.end - region.start, 0);
  let last = 0;
  let total = 0;
  for (const row of rows) {
    expect(row.start).toBeGreaterThanOrEqual(last);
    last = row.end;
    total += row.runs.reduce((sum, run) => sum + run.end - run.start, 0);
    expect(row.runs[0]?.start).toBe(row.start);
    expect(row.runs.at(-1)?.end).toBe(row.end);
  }
  expect(total).toBe(mapped);
});

test('the heap shows its slot as a carve-out, with its rule', () => {
  const heap = rows.find((row) => row.text === '[heap]');
  if (!heap) throw new Error('no heap');
  expect(heap.runs.some((run) => run.carveOut === 'R5' && run.end - run.start === 4096)).toBe(true);
  expect(heap.notes.join()).toContain('R5');
});

test('big gaps are lines of their own', () => {
  expect(rows.filter((_, i) => index.gap(i) >= FOLD).length).toBeGreaterThanOrEqual(2);
  expect(rows.every((row, i) => row.gap === (index.gap(i) >= FOLD ? 0 : index.gap(i)))).toBe(true);
});

test('an address finds its line, a hole finds none', () => {
  expect(rows[index.at(0x7f2a1c6e1768)]?.text).toContain('TLS');
  expect(index.at(0x1000)).toBe(-1);
  expect(index.at(0x600000000000)).toBe(-1);
});

test('a line knows which keys it has and when it last changed', () => {
  const heap = index.at(0x5593a9f00000);
  expect(index.keys(heap)).toBe(0b11);
  expect(log.kind(index.changed(heap))).toBe('tag');
  const stack = index.at(0x7ffd3e184000);
  expect([index.keys(stack), log.kind(index.changed(stack))]).toEqual([1, 'map']);
});

test('a plan rings only pages that are private now', () => {
  const row = rows[index.at(0x5593a9f00000)];
  if (!row) throw new Error('no row');
  const step = (start: number) => ({
    start: `0x${start.toString(16)}`,
    end: `0x${(start + 4096).toString(16)}`,
    key: 0,
    rule: 'R5',
    what: 'slot',
  });
  expect(plannedCarveOuts(row, [step(0x5593a9f09000)])).toHaveLength(1);
  expect(plannedCarveOuts(row, [step(0x5593a9f08000), step(0x5593a9f02000), step(0x7f2a1c6e1000)])).toHaveLength(0);
});

test('a crossing leaves the signature alone, a tag does not', () => {
  const kinds = Array.from({ length: log.length }, (_, i) => log.kind(i));
  const crossing = kinds.indexOf('crossing');
  const tag = kinds.indexOf('tag');
  expect(memorySignature(history.at(crossing))).toBe(memorySignature(history.at(crossing - 1)));
  expect(memorySignature(history.at(tag))).not.toBe(memorySignature(history.at(tag - 1)));
});
