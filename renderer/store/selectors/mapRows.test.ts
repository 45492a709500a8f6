import { expect, test } from 'vitest';
import { History } from '../../../core/model/history.ts';
import { syntheticSession } from '../../../core/model/testing/synthetic.ts';
import { lineAt, mapLines, memorySignature, plannedCarveOuts } from './mapRows.ts';

const log = syntheticSession({ story: 'live' });
const history = new History(log);
const linesAt = (index: number) => {
  const world = history.at(index);
  if (!world.main) throw new Error('no process');
  return mapLines(world, world.main);
};
const alive = Array.from({ length: log.length }, (_, i) => log.kind(i)).indexOf('thread-exit') - 1;
const end = linesAt(alive);

test('every mapped page is on exactly one line, in order', () => {
  const space = history.latest().main;
  const mapped = (space?.regions ?? []).reduce((sum, region) => sum + region.end - region.start, 0);
  let last = 0;
  let total = 0;
  for (const line of end) {
    expect(line.start).toBeGreaterThanOrEqual(last);
    last = line.end;
    if (line.kind === 'gap') continue;
    total += line.runs.reduce((sum, run) => sum + run.end - run.start, 0);
    expect(line.runs[0]?.start).toBe(line.start);
    expect(line.runs.at(-1)?.end).toBe(line.end);
  }
  expect(total).toBe(mapped);
});

test('the heap shows its slot as a carve-out, with its rule', () => {
  const heap = end.find((line) => line.kind === 'row' && line.text === '[heap]');
  if (heap?.kind !== 'row') throw new Error('no heap');
  expect(heap.runs.some((run) => run.carveOut === 'R5' && run.end - run.start === 4096)).toBe(true);
  expect(heap.notes.join()).toContain('R5');
});

test('big gaps are lines of their own', () => {
  expect(end.filter((line) => line.kind === 'gap').length).toBeGreaterThanOrEqual(2);
});

test('an address finds its line, a hole finds none', () => {
  const at = lineAt(end, 0x7f2a1c6e1768);
  const line = end[at];
  expect(line?.kind === 'row' && line.text).toContain('TLS');
  expect(lineAt(end, 0x1000)).toBe(-1);
  expect(lineAt(end, 0x600000000000)).toBe(-1);
});

test('a plan rings only pages that are private now', () => {
  const row = end[lineAt(end, 0x5593a9f00000)];
  if (row?.kind !== 'row') throw new Error('no row');
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
  const rows = Array.from({ length: log.length }, (_, i) => log.kind(i));
  const crossing = rows.indexOf('crossing');
  const tag = rows.indexOf('tag');
  expect(memorySignature(history.at(crossing))).toBe(memorySignature(history.at(crossing - 1)));
  expect(memorySignature(history.at(tag))).not.toBe(memorySignature(history.at(tag - 1)));
});
