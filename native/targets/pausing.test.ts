/** Events that pause the program by themselves: it stands before anything comes of them, and a row says which did it. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PauseRule } from '../../core/contract/pause.ts';
import { presets } from '../../core/contract/policies.ts';
import { LiveProgram } from './live.ts';

const program = new LiveProgram();
beforeAll(() => program.build());
afterEach(() => program.end());

const paused = (times: number): Promise<void> => program.until('the pause', () => program.count('stop') === times);
const why = () => program.world().phase;
const last = (kind: string): number =>
  [...Array(program.log.length).keys()].findLast((row) => program.log.kind(row) === kind) ?? -1;

describe('pause on', () => {
  it("a thread's birth: it stands before it has run, each of them", async () => {
    const live = program.start({ ...program.target('keeps_running'), pauseOn: ['thread-birth'] });
    for (const times of [1, 2, 3]) {
      await paused(times);
      expect(why()).toMatchObject({ at: 'paused', why: 'rule', rule: 'thread-birth' });
      expect(program.count('thread-birth')).toBe(times);
      expect(why()).toMatchObject({ tid: program.log.at(last('thread-birth')).tid });
      expect(await live.command({ do: 'verify' })).toEqual([]);
      await live.command({ do: 'continue' });
    }
    await program.until('running', () => program.output.includes('running'));
  });

  it('a tag of the program, and no longer once that is taken away', async () => {
    const live = program.start({ ...program.target('keeps_running'), pauseOn: ['tag'] });
    await paused(1);
    expect(program.log.at(last('tag'))).toMatchObject({ keyAfter: 1, cause: 'program' });
    expect(program.world().pauseOn).toEqual(['tag']);
    await live.command({ do: 'pause-on', rules: [] });
    await live.command({ do: 'continue' });
    await program.until('running', () => program.output.includes('running'));
    expect(program.count('stop')).toBe(1);
    expect(program.world().pauseOn).toEqual([]);
  });

  it('a fault: the access is tried again after the page was given back', async () => {
    const live = program.start({ ...program.target('keeps_running') });
    await program.until('running', () => program.output.includes('running'));
    await live.command({ do: 'pause-on', rules: ['fault'] });
    const page = program.shown('page');
    await live.command({ do: 'tag', pid: program.pid(), start: page.start, end: page.end, key: 2 });
    await paused(1);
    expect(why()).toMatchObject({ rule: 'fault' });
    expect(program.log.facts(last('fault'), 'fault')).toMatchObject({ outcome: 'denied', action: 'stop', key: 2 });
    await live.command({ do: 'revert' });
    await live.command({ do: 'continue' });
    await program.until('going on', () => program.count('resume') === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(program.world().phase).toMatchObject({ at: 'running' });
    expect(program.count('fault')).toBe(1);
  });

  it('a policy step, also one of the person, and a range of addresses', async () => {
    const live = program.start(program.target('keeps_running'));
    await program.until('running', () => program.output.includes('running'));
    await live.command({ do: 'pause-on', rules: ['policy'] });
    await live.command({ do: 'apply', policy: presets.split });
    await paused(1);
    expect(why()).toMatchObject({ rule: 'policy' });
    await live.command({ do: 'continue' });

    const page = program.shown('page');
    const range: PauseRule = `${page.start}-${page.end}`;
    await live.command({ do: 'pause-on', rules: [range] });
    await live.command({ do: 'tag', pid: program.pid(), start: page.start, end: page.end, key: 1 });
    await paused(2);
    expect(why()).toMatchObject({ rule: range });
    await live.command({ do: 'pause-on', rules: ['0x2000-0x3000'] });
    await live.command({ do: 'continue' });
    await live.command({ do: 'tag', pid: program.pid(), start: page.start, end: page.end, key: 1 });
    expect(program.count('stop')).toBe(2);
  });

  it('nothing that it does not know', async () => {
    const live = program.start(program.target('keeps_running'));
    const refused = (rules: string[]) => expect(live.command({ do: 'pause-on', rules })).rejects;
    await refused(['exec']).toThrow(/unknown rule exec/);
    await refused(['0x2000-0x1000']).toThrow(/below end/);
  });
});

describe('a paused program', () => {
  const halted = async () => {
    const live = program.start(program.target('keeps_running'));
    await program.until('running', () => program.output.includes('running'));
    await live.command({ do: 'pause' });
    return live;
  };

  it('is read as it is, and no further than it is mapped', async () => {
    const live = await halted();
    const page = program.shown('page');
    const read = (start: string, size: number) => live.command({ do: 'read', pid: program.pid(), start, size });
    const bytes = (await read(page.start, 16)) as string;
    expect(bytes).toMatch(/^[0-9a-f]{32}$/);
    // The thread counts up in the page's first word.
    expect(Number.parseInt(bytes.slice(0, 2), 16)).toBeGreaterThan(0);
    expect(await read('0x1000', 16)).toBe('');
  });

  it('gets rights by hand, and those before again; the tag before them is taken back after', async () => {
    const live = await halted();
    const page = program.shown('page');
    const thread = [...program.world().threads.values()].find(({ rights }) => rights === 0xfffffff0);
    if (!thread) throw new Error('no thread of compartment 1');
    const rights = () => program.world().threads.get(thread.tid)?.rights;
    await live.command({ do: 'tag', pid: program.pid(), start: page.start, end: page.end, key: 2 });
    await live.command({ do: 'rights', tid: thread.tid, pkru: 0 });
    await program.until('the rights', () => rights() === 0);
    expect(program.log.at(last('rights'))).toMatchObject({ cause: 'user', rule: 'manual' });
    await live.command({ do: 'revert' });
    await program.until('the rights before', () => rights() === 0xfffffff0);
    expect(program.log.at(last('rights'))).toMatchObject({ cause: 'user', rule: 'undo' });
    await live.command({ do: 'revert' });
    await program.until('the tag before', () => program.log.at(last('tag')).rule === 'undo');
  });
});
