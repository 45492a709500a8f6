import { expect, test } from 'vitest';
import { PAGE } from '../contract/ids.ts';
import { History } from './history.ts';
import { threads as layout } from './testing/dav1dLayout.ts';
import { build, syntheticSession } from './testing/synthetic.ts';
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

test('a page that was cut out before anybody tagged it lacks no step, as long as it has the key of the others', () => {
  const tcbPage = { start: second.tp - (second.tp % PAGE), end: second.tp - (second.tp % PAGE) + PAGE };
  const b = build({ story: 'live' });
  const missing = (): readonly number[] | undefined => {
    const world = new History(b.log()).at(b.length - 1);
    if (!world.main || world.mainPid === null) throw new Error('no process');
    const threads = world.threadsOf(world.mainPid).map((thread) => ({ ...thread, state: 'running' as const }));
    return tlsSteps(world.main, threads).find(({ name }) => name === 'TCB')?.missing;
  };
  expect(missing()).toEqual([]);
  // Mapped anew: no step reached it since, and it is shared like that of the others.
  b.row('map', { ...tcbPage, tid: second.tid, protAfter: 3, keyAfter: 0 }, { name: '' });
  expect(missing()).toEqual([]);
  b.row('tag', { ...tcbPage, tid: second.tid, protAfter: 3, keyAfter: 1 });
  expect(missing()).toEqual([1]);
  b.row('unmap', { ...tcbPage, tid: second.tid });
  expect(missing()).toEqual([]);
});
