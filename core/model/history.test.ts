import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asPid, asTid } from '../contract/ids.ts';
import { EventLog } from './eventLog.ts';
import { History } from './history.ts';
import { randomLog } from './testing/randomLog.ts';
import { syntheticSession } from './testing/synthetic.ts';
import type { World } from './world.ts';

/** All that a world says, as plain data. */
const told = (world: World) => ({
  index: world.index,
  counts: world.counts,
  phase: world.phase,
  policy: world.policy,
  threads: [...world.threads.values()],
  spaces: [...world.spaces.values()].map((space) => [space.pid, space.exited, space.keys, space.regions]),
});

describe('History', () => {
  it('gives by a jump what it gives by stepping, whatever came before', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.nat(299), { maxLength: 12 }),
        (seed, every, jumps) => {
          const log = randomLog(seed, 300).log();
          const jumping = new History(log, every);
          for (const index of jumps) {
            expect(told(jumping.at(index))).toEqual(told(new History(log, 1e9).at(index)));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves worlds as they were when the log goes on', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(199), (seed, cut) => {
        const b = randomLog(seed, 200);
        const log = new EventLog();
        log.append(b.batch(0, cut));
        const history = new History(log, 16);
        const early = history.latest();
        log.append(b.batch(cut));
        history.latest();
        expect(told(early)).toEqual(told(new History(b.log()).at(cut - 1)));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps one world object per instant', () => {
    const history = new History(syntheticSession());
    expect(history.at(40)).toBe(history.at(40));
    expect(history.at(-1).phase).toEqual({ at: 'empty' });
    expect(history.at(1e9)).toBe(history.latest());
  });

  it('tells the synthetic session as it went', () => {
    const log = syntheticSession({ story: 'live' });
    const history = new History(log);
    const fault = [...Array(log.length).keys()].find((i) => log.kind(i) === 'fault') ?? -1;
    const world = history.at(fault);
    expect(world.policy?.name).toBe('slot-only');
    expect(world.threads.get(asTid(4127))).toMatchObject({
      number: 1,
      name: 'dav1d',
      compartment: 2,
      rights: 0xffffffcc,
    });
    expect(world.threads.get(asTid(4130))).toMatchObject({ number: 3, tp: 0x7f2a0fffe6c0 });
    const page = world.spaces.get(asPid(4127))?.at(0x7f2a1c6e1768);
    expect(page).toMatchObject({
      start: 0x7f2a1c6e1000,
      end: 0x7f2a1c6e2000,
      key: 1,
      tag: { rule: 'R4', cause: 'user' },
    });
    expect(world.main?.at(0x5593a9f20000)).toMatchObject({ name: '[heap]' });
    expect(history.at(fault + 1).phase).toEqual({ at: 'paused', pid: 4127, why: 'fault', rule: null, tid: 4127 });
    const end = history.latest();
    expect(end.policy?.name).toBe('split');
    expect(end.phase).toEqual({ at: 'ended', exit: { code: 0 } });
    expect(end.main?.at(0x7f2a1c6e1768)).toMatchObject({ key: 0, tag: { rule: 'R6' } });
    expect(end.main?.modules.map((module) => module.short)).toEqual(['dav1d', 'ld.so', 'libdav1d', 'libia2', 'libc']);
  });

  it('shares memory with a vfork child until it execs, and copies for a fork', () => {
    const b = randomLog(1, 0);
    b.row('map', { start: 0x10000, end: 0x12000, protAfter: 3, keyAfter: 0 }, { name: '' });
    b.row('process-birth', { pid: 20, tid: 20 }, { parent: 10, shares: 10 });
    b.row('thread-birth', { pid: 10, tid: 20, rights: 0xfffffff0 }, { name: 'child' });
    b.row('tag', { pid: 20, tid: 20, start: 0x10000, end: 0x11000, keyAfter: 2 });
    const borrowed = b.length - 1;
    const child = { pid: 20, number: 1, rights: 0xfffffff0 };
    expect(new History(b.log()).latest().threads.get(asTid(20))).toMatchObject({ ...child, name: 'child' });
    b.row('exec', { pid: 20, tid: 20 }, { path: '/bin/true' });
    expect(new History(b.log()).latest().threads.get(asTid(20))).toMatchObject({ ...child, name: 'true' });
    b.row('process-birth', { pid: 30, tid: 10 }, { parent: 10, copyOf: 10 });
    b.row('unmap', { pid: 30, tid: 30, start: 0x10000, end: 0x12000 });
    const history = new History(b.log());
    expect(history.at(borrowed).spaces.get(asPid(10))?.at(0x10000)?.key).toBe(2);
    expect(history.at(borrowed).spaces.get(asPid(20))?.at(0x10000)?.key).toBe(2);
    const end = history.latest();
    expect(end.spaces.get(asPid(20))?.regions).toEqual([]);
    expect(end.spaces.get(asPid(10))?.regions).toHaveLength(2);
    expect(end.spaces.get(asPid(30))?.regions).toEqual([]);
  });
});
