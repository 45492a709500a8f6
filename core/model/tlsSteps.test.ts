import { expect, test } from 'vitest';
import { History } from './history.ts';
import { threads as layout } from './testing/dav1dLayout.ts';
import { syntheticSession } from './testing/synthetic.ts';
import { tlsSteps } from './tlsSteps.ts';

const log = syntheticSession({ story: 'live' });
const history = new History(log);
const rowsAt = (row: number) => {
  const world = history.at(row);
  if (!world.main || world.mainPid === null) throw new Error('no process');
  return tlsSteps(world.main, world.threadsOf(world.mainPid));
};
const [, second] = layout;
/** The last row before the TLS of the second thread is tagged for the first time. */
const untagged = [...Array(log.length).keys()].findIndex((row) => {
  const { tid, kind, rule } = log.at(row);
  return kind === 'tag' && tid === second.tid && rule === 'R4';
});

test('a thread that the plan has not reached lacks the step that the first one has', () => {
  expect(untagged).toBeGreaterThan(0);
  const tcb = rowsAt(untagged - 1).find(({ name }) => name === 'TCB');
  expect(tcb?.of[0]).toMatchObject({ key: 1, tag: { rule: 'R4' }, offset: 0 });
  expect(tcb?.of[1]?.tag).toBeNull();
  expect(tcb?.missing).toContain(1);
  expect(tcb?.missing).not.toContain(0);
  // The rseq area of a worker lies on its tagged TCB page, that of the first thread on a page of its own.
  expect(rowsAt(log.length - 200).find(({ name }) => name === 'rseq area')?.missing).toEqual([]);
});

test('once it is tagged nothing is missing, and a place that no policy touches is never flagged', () => {
  const rows = rowsAt(log.length - 200);
  expect(rows.find(({ name }) => name === 'TCB')?.missing).toEqual([]);
  for (const row of rows.filter(({ of }) => of.every((state) => !state?.tag))) expect(row.missing).toEqual([]);
});

test('threads without TLS facts have no places', () => {
  const world = history.at(untagged - 1);
  const [main] = world.threadsOf(world.mainPid ?? (0 as never));
  if (!world.main || !main) throw new Error('no thread');
  const rows = tlsSteps(world.main, [main, { ...main, tls: null }]);
  expect(rows.every(({ of }) => of[1] === null)).toBe(true);
});
