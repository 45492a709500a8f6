import { expect, test } from 'vitest';
import { asTid, hex } from '../../../core/contract/ids.ts';
import { presets } from '../../../core/contract/policies.ts';
import { History } from '../../../core/model/history.ts';
import { syntheticSession } from '../../../core/model/testing/synthetic.ts';
import { lastFault } from './focus.ts';
import { plannedBy, predictedBy, tlsAnatomy, tlsChain } from './tlsAnatomy.ts';

const log = syntheticSession({ story: 'live' });
const world = new History(log).at(lastFault(log, log.length - 1));
const of = (tid: number) => {
  const thread = world.threads.get(asTid(tid));
  if (!thread || !world.main || !thread.tls) throw new Error('no thread');
  return { thread, space: world.main, tls: thread.tls };
};
const TCB = 0x7f2a1c6e1000;

test('pages around the thread pointer, with what each holds and its key', () => {
  const { thread, space } = of(4127);
  const anatomy = tlsAnatomy(world, space, thread, null);
  const tcb = anatomy?.around.pages.find((page) => page.start === TCB);
  expect(tcb?.key).toBe(1);
  expect(tcb?.offset).toBe(-0x740);
  expect(tcb?.holds).toContain('stack-protector canary');
  expect(tcb?.planned).toBeUndefined();
  expect(anatomy?.detached.map((stretch) => stretch.title)).toEqual(['libia2.so, by the DTV']);
});

test('a plan marks the pages it touches and no others', () => {
  const { thread, space } = of(4127);
  const step = { start: hex(TCB), end: hex(TCB + 4096), key: 0, rule: 'R6', what: 'TCB page' };
  const pages = tlsAnatomy(world, space, thread, plannedBy([step]))?.around.pages ?? [];
  expect(pages.filter((page) => page.planned).map((page) => [page.start, page.planned?.rule])).toEqual([[TCB, 'R6']]);
});

test('in the past the rules of a policy are told without an engine', () => {
  const { thread, space } = of(4127);
  const planned = (policy: 'split' | 'tag-all' | 'observe') =>
    tlsAnatomy(world, space, thread, predictedBy(presets[policy], world, space, thread))?.around.pages.find(
      (page) => page.start === TCB,
    )?.planned;
  expect(planned('split')).toMatchObject({ key: 0, rule: 'R6' });
  expect(planned('tag-all')).toMatchObject({ key: 1, rule: 'R4' });
  expect(planned('observe')).toBeNull();
});

test('the chain to a thread-local breaks at the private TCB page', () => {
  const { thread, space, tls } = of(4127);
  const chain = tlsChain(space, thread, tls);
  expect(chain.map((link) => link.readable)).toEqual([false, true, true]);
  expect(chain[0]?.key).toBe(1);
});

test('a thread whose TLS is unknown has no anatomy', () => {
  const { thread, space } = of(4127);
  expect(tlsAnatomy(world, space, { ...thread, tls: null }, null)).toBeNull();
});
