import { expect, test } from 'vitest';
import { asPid, asTid } from '../../../core/contract/ids.ts';
import { History } from '../../../core/model/history.ts';
import { syntheticSession } from '../../../core/model/testing/synthetic.ts';
import { focusOf, lastFault } from './focus.ts';

const log = syntheticSession({ story: 'live' });
const history = new History(log);
const fault = lastFault(log, log.length - 1);

test('without a selection the last fault so far stands in', () => {
  const after = focusOf(log, history, history.latest(), null);
  expect(after.fault).toBe(fault);
  expect(after.byDefault).toBe(true);
  expect(after.addr).toBe(0x7f2a1c6e1768);
  const before = focusOf(log, history, history.at(fault - 1), null);
  expect(before.selected).toBeNull();
  expect(before.addr).toBeNull();
});

test('a thread points at the page of its thread pointer', () => {
  const focus = focusOf(log, history, history.at(fault), { kind: 'thread', tid: asTid(4127) });
  expect(focus.addr).toBe(0x7f2a1c6e1740);
  expect(focus.tid).toBe(4127);
});

test('a picked page stays picked', () => {
  const focus = focusOf(log, history, history.at(fault), { kind: 'page', pid: asPid(4127), addr: 0x1000 });
  expect([focus.byDefault, focus.addr, focus.fault]).toEqual([false, 0x1000, null]);
});
