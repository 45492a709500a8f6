/** A session by hand: pause, look, apply, take back, continue, while the program runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PlanStep } from '../../core/contract/details.ts';
import { hex } from '../../core/contract/ids.ts';
import { presets } from '../../core/contract/policies.ts';
import { lastComparison } from '../../core/model/findings.ts';
import { recordSummary } from '../../core/model/summary.ts';
import { loadLaunch } from '../../electron/session/load-launch.ts';
import { launchBase } from '../../electron/session/resolve.ts';
import type { Session } from '../../electron/session/session.ts';
import { status } from './attached/running.ts';
import { LiveProgram } from './live.ts';
import { root, shown } from './record.ts';

const dav1d = join(root, 'examples/dav1d-split/tag-all-rseq-off.json');
const program = new LiveProgram();

beforeAll(() => program.build());
afterEach(() => program.end());

const apply = (live: Session, policy: 'split' | 'tag-all' | 'observe') =>
  live.command({ do: 'apply', policy: presets[policy] });

describe('dav1d stopped at the canary', () => {
  const stopped = async (): Promise<Session> => {
    const live = program.start({ ...loadLaunch(dav1d), onFault: 'stop' }, launchBase(dav1d));
    await program.until('the denied access', () => program.count('stop') === 1);
    return live;
  };

  it('runs to its end once split is applied live, with the plan that was shown', async () => {
    const live = await stopped();
    expect(program.world().phase).toMatchObject({ at: 'paused', why: 'fault' });
    const plan = (await live.command({ do: 'plan', policy: presets.split })) as PlanStep[];
    expect(plan.map(({ key, rule }) => ({ key, rule }))).toEqual([{ key: 0, rule: 'R6' }]);
    const before = recordSummary(program.log).tags.length;
    expect(await apply(live, 'split')).toEqual(plan);
    await program.until('the tag', () => recordSummary(program.log).tags.length > before);
    expect(recordSummary(program.log).tags.slice(before)).toMatchObject([
      { start: plan[0]?.start, end: plan[0]?.end, key: 0, rule: 'R6', cause: 'user' },
    ]);
    await live.command({ do: 'continue' });
    await live.ended;
    expect(recordSummary(program.log)).toMatchObject({ exit: { code: 0 } });
    expect(recordSummary(program.log).faults).toHaveLength(1);
  });

  it('is denied again after the step was taken back', async () => {
    const live = await stopped();
    await apply(live, 'split');
    await live.command({ do: 'revert' });
    await live.command({ do: 'continue' });
    await live.ended;
    expect(recordSummary(program.log).exit).toEqual({ signal: 'SIGSEGV', siCode: 4 });
  });

  it('gets its signal when it goes on unchanged', async () => {
    const live = await stopped();
    await live.command({ do: 'continue' });
    await live.ended;
    expect(recordSummary(program.log).exit).toEqual({ signal: 'SIGSEGV', siCode: 4 });
  });

  it('is stepped over by hand: one instruction is carried out, the session stays paused, and the log says so', async () => {
    const live = await stopped();
    const fault = [...Array(program.log.length).keys()].find((row) => program.log.kind(row) === 'fault') ?? -1;
    const tid = program.log.columns.tid[fault] ?? 0;
    await expect(live.command({ do: 'step-over', tid: 1 })).rejects.toThrow(/no denied access/);
    await live.command({ do: 'step-over', tid });
    await program.until(
      'the mark',
      () => program.log.rawDetail(program.log.length - 1)?.includes('stepped over') ?? false,
    );
    expect(program.log.at(program.log.length - 1)).toMatchObject({ kind: 'mark', cause: 'user', tid });
    expect(program.world().phase).toMatchObject({ at: 'paused' });
    await expect(live.command({ do: 'step-over', tid })).rejects.toThrow(/no denied access/);
    // The canary was read; the next access like it is denied in its turn, and none of the program is skipped.
    await live.command({ do: 'continue' });
    await program.until('the next denied access', () => program.count('fault') === 2);
    expect(program.log.needFacts(fault, 'fault').instruction.address).not.toBe(
      recordSummary(program.log).faults[1]?.instruction.address,
    );
  });

  it('is let through once its thread is given the right by hand', async () => {
    const live = await stopped();
    const fault = [...Array(program.log.length).keys()].find((row) => program.log.kind(row) === 'fault') ?? -1;
    const { rights, key } = program.log.needFacts(fault, 'fault');
    const pkru = ((rights ?? 0) & ~(3 << (2 * (key ?? 0)))) >>> 0;
    await live.command({ do: 'rights', tid: program.log.columns.tid[fault] ?? 0, pkru });
    await live.command({ do: 'continue' });
    await program.until(
      'the next gate, which takes the right away, and its denied access',
      () => program.count('fault') === 2,
    );
    const [first, next] = recordSummary(program.log).faults;
    expect(next?.instruction.address).not.toBe(first?.instruction.address);
  });

  it('takes back no more than was done', async () => {
    const live = await stopped();
    await live.command({ do: 'revert' }); // the tags of startup
    await expect(live.command({ do: 'revert' })).rejects.toThrow(/nothing to take back/);
    await live.command({ do: 'continue' });
    await live.ended;
    expect(recordSummary(program.log).exit).toEqual({ code: 0 });
  });
});

describe('a program that runs on', () => {
  const running = async (): Promise<Session> => {
    const live = program.start(program.target('keeps_running'));
    await program.until('the threads', () => program.output.includes('running'));
    return live;
  };

  it('stands still while paused and agrees with the kernel', async () => {
    const live = await running();
    await live.command({ do: 'pause' });
    await program.until('the stop', () => program.count('stop') === 1);
    const rows = program.log.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(program.log.length).toBe(rows);
    expect(await live.command({ do: 'verify' })).toEqual([]);
    await live.command({ do: 'continue' });
    await program.until('going on', () => program.count('resume') === 1);
    await live.command({ do: 'kill' });
    await live.ended;
    expect(recordSummary(program.log).exit).toMatchObject({ signal: 'SIGKILL' });
  });

  it('agrees with the kernel while it runs', async () => {
    const live = await running();
    for (let i = 0; i < 5; i++) expect(await live.command({ do: 'verify' })).toEqual([]);
    const { log } = program;
    await program.until('the marks', () => lastComparison(log, log.length) !== null);
    const asked = lastComparison(log, log.length);
    expect(asked?.result).toBe('agrees');
    expect(log.at(asked?.event ?? 0)).toMatchObject({ kind: 'mark', cause: 'user' });
  });

  it('loses a page that is tagged by hand, and has it again when that is taken back', async () => {
    const live = await running();
    const page = shown(program.output).get('page') ?? 0;
    const { pid } = { pid: program.log.at(0).pid };
    await live.command({ do: 'pause' });
    const range = { start: `0x${page.toString(16)}`, end: `0x${(page + 4096).toString(16)}` };
    await live.command({ do: 'tag', pid, ...range, key: 2 });
    await program.until('the tag', () => recordSummary(program.log).tags.at(-1)?.rule === 'manual');
    await live.command({ do: 'revert' });
    await program.until('the undo', () => recordSummary(program.log).tags.at(-1)?.rule === 'undo');
    expect(recordSummary(program.log).tags.at(-1)).toMatchObject({ ...range, key: 1, cause: 'user' });
    await live.command({ do: 'tag', pid, ...range, key: 2 });
    await live.command({ do: 'continue' });
    await live.ended;
    expect(recordSummary(program.log).exit).toEqual({ signal: 'SIGSEGV', siCode: 4 });
    expect(recordSummary(program.log).faults).toMatchObject([{ key: 2, rights: '0xfffffff0' }]);
  });

  it('is changed although every thread sleeps, and the program.log says when', async () => {
    const live = program.start(program.target('waits_for_ever'));
    await program.until('the page', () => shown(program.output).has('page'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const page = shown(program.output).get('page') ?? 0;
    const range = { start: `0x${page.toString(16)}`, end: `0x${(page + 4096).toString(16)}` };
    const before = program.log.at(program.log.length - 1).time;
    await live.command({ do: 'tag', pid: program.log.at(0).pid, ...range, key: 1 });
    expect(await live.command({ do: 'verify' })).toEqual([]);
    await program.until('the tag', () => recordSummary(program.log).tags.at(-1)?.rule === 'manual');
    const row = [...Array(program.log.length).keys()].findLast((i) => program.log.kind(i) === 'tag') ?? -1;
    expect(program.log.at(row).time).toBeGreaterThan(before);
  });

  it('is changed although its only thread cannot stop yet', async ({ skip }) => {
    const live = program.start(program.target('waits_for_page'));
    await program.until('its word', () => program.output.includes('page=') || program.count('exit') > 0);
    const [, fd, page] = /fd=(\d+) page=0x([0-9a-f]+)/.exec(program.output) ?? [];
    if (fd === undefined || page === undefined) return skip('this kernel gives no page faults to a program');
    const start = Number.parseInt(page, 16);
    const pid = program.pid();
    await program.until('its sleep', () => status(pid, 'State') === 'D');
    const server = spawn(program.target('waits_for_page').program, ['serve', `${pid}`, fd, page]);
    const tagged = live.command({ do: 'tag', pid, start: hex(start), end: hex(start + 4096), key: 0 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    server.stdin.end();
    expect(await once(server, 'exit')).toEqual([0, null]);
    await tagged;
    await program.until('the page', () => program.output.includes('brought'));
    const classes = recordSummary(program.log).findings.map((finding) => finding.class);
    expect(classes.filter((one) => one !== 'not-emulated')).toEqual([]);
  });

  it('answers what it cannot do, by name', async () => {
    const live = await running();
    const refused = (command: object) => expect(live.command(command)).rejects;
    await refused({ do: 'tag', pid: 1, start: '0x1000', end: '0x2000', key: 1 }).toThrow(/no address space 1/);
    await refused({ do: 'tag', pid: program.log.at(0).pid, start: '0x1001', end: '0x2000', key: 1 }).toThrow(
      /page-aligned/,
    );
    await refused({ do: 'tag', pid: program.log.at(0).pid, start: '0x1000', end: '0x2000', key: 1 }).toThrow(/mapped/);
    const { start, end } = program.shown('page');
    for (const key of [16, -1, 255])
      await refused({ do: 'tag', pid: program.pid(), start, end, key }).toThrow(`key: must be 0 to 15 (got ${key})`);
    await refused({ do: 'rights', tid: 1, pkru: 0 }).toThrow(/no thread 1/);
  });
});

describe('the tracer policy', () => {
  const judged = async (tracerPolicy: 'off' | 'record' | 'enforce'): Promise<void> => {
    await program.start({ ...program.target('unmaps_foreign'), tracerPolicy }).ended;
    expect(recordSummary(program.log).exit).toEqual({ code: 0 });
  };

  it('enforced, refuses the call and says by which rule', async () => {
    await judged('enforce');
    expect(program.output).toContain('munmap Operation not permitted');
    const row = [...Array(program.log.length).keys()].find((i) => program.log.kind(i) === 'verdict') ?? -1;
    expect(program.log.at(row).rule).toBe('T2');
    expect(program.log.facts(row, 'verdict')).toMatchObject({ call: 'munmap', allowed: false });
  });

  it('judges the destination of mremap as that of mmap', async () => {
    await program.start({ ...program.target('remaps_foreign'), tracerPolicy: 'enforce' }).ended;
    expect(program.output).toContain('mremap Operation not permitted');
    const row = [...Array(program.log.length).keys()].find((i) => program.log.kind(i) === 'verdict') ?? -1;
    expect(program.log.at(row).rule).toBe('T2');
    expect(program.log.facts(row, 'verdict')?.text).toContain('belong to key 2');
  });

  it('recorded, changes nothing for the program', async () => {
    await judged('record');
    expect(program.output).toContain('munmap done');
    expect(program.count('verdict')).toBe(1);
  });

  it('off, says nothing', async () => {
    await judged('off');
    expect(program.output).toContain('munmap done');
    expect(program.count('verdict')).toBe(0);
  });
});
