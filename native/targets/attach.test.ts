/** Attach to a process that runs, watch it, let go of it; die over it. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordSummary } from '../../core/model/summary.ts';
import { loadNative } from '../../electron/session/native.ts';
import { appPaths } from '../../electron/session/paths.ts';
import { resolveAttach } from '../../electron/session/resolve-attach.ts';
import { pause, type Running, start as run, states, status, traces, until } from './attached/running.ts';
import { Watched } from './attached/watched.ts';
import { sleeper32 } from './elf32.ts';
import { PATIENCE_MS } from './patience.ts';
import { cli, keyhole, root } from './record.ts';

/** The user without rights of most systems. */
const NOBODY = 65534;

const paths = appPaths(root);
const native = loadNative(paths);
const observes = !native.hasPku();

/** What `works_on` writes, and how it ends. */
const AS_ALONE = 'works\nmapped\nok\nstatus 0\n';

const programs: Running[] = [];
const sessions: Watched[] = [];

beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});
afterEach(() => {
  for (const { session } of sessions.splice(0)) session.dispose();
  for (const program of programs.splice(0)) program.kill();
});

async function start(program: string, args: readonly string[] = []): Promise<Running> {
  const running = await run(program.includes('/') ? program : join(root, 'build/targets', program), args);
  programs.push(running);
  return running;
}

function attach(pid: number): Watched {
  const watched = new Watched(native, root, pid);
  sessions.push(watched);
  return watched;
}

describe('attached to a program that works', () => {
  it('sees threads, memory, modules and signals, and the program ends as it would alone', async () => {
    const program = await start('works_on');
    await program.said('works');
    const live = attach(program.pid);
    await until('threads that come and go', () => live.rows('thread-exit').length > 20);
    await until('signals', () => live.rows('signal').length > 0);
    const late = () => live.rows('map').find((row) => live.log.at(row).start === 0x600000000000);
    expect(late()).toBeUndefined();
    program.tell('map');
    await until('the mapping', () => late() !== undefined);
    await until('the module', () => live.world().main?.modules.some(({ name }) => name === 'libm.so.6') ?? false);
    program.finish();
    await live.session.ended;
    expect(await program.end).toBe(AS_ALONE);
    const { session: facts, phase, threads, main } = live.world();
    expect(facts).toMatchObject({
      program: join(root, 'build/targets/works_on'),
      keys: observes ? 'none' : 'hardware',
      attached: { pid: program.pid, control: observes ? 'observe' : 'full' },
    });
    expect(phase).toEqual({ at: 'ended', exit: { code: 0 } });
    const names = [...threads.values()].map((thread) => thread.name);
    for (const name of ['works_on', 'worker 0', 'worker 1', 'worker 2']) expect(names).toContain(name);
    // Those that came, each with its thread-local memory; those that went.
    const came = [...threads.values()].filter((thread) => live.log.at(thread.born).cause === 'program');
    expect(came.filter((thread) => thread.tls === null)).toEqual([]);
    expect(live.rows('thread-exit').length).toBe(live.rows('thread-birth').length);
    expect(live.rows('signal').map((row) => live.log.facts(row, 'signal')?.signal)).toContain('SIGALRM');
    expect(main?.modules.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['works_on', 'libc.so.6', 'libm.so.6']),
    );
    expect(live.log.at(late() ?? 0)).toMatchObject({ end: 0x600000003000, cause: 'assumed' });
    expect(recordSummary(live.log).findings).toEqual([]);
  });

  it('can let go again and again', async () => {
    const program = await start('works_on');
    for (let i = 0; i < 5; i++) {
      await pause(60);
      const live = attach(program.pid);
      await pause(i * 20);
      await live.command({ do: 'detach' });
      await live.session.ended;
      expect(live.world().phase).toEqual({ at: 'detached', pid: program.pid });
      expect(status(program.pid, 'TracerPid')).toBe('0');
    }
    program.finish();
    expect(await program.end).toBe(AS_ALONE);
  });

  it('can let go while a sleep that it ended begins again', async () => {
    const program = await start('works_on');
    await program.said('works');
    for (let i = 0; i < 8; i++) {
      const live = attach(program.pid);
      // The first stops the threads; when the second comes they are on their way back to their sleeps.
      await Promise.all([live.command({ do: 'verify' }), live.command({ do: 'detach' })]);
      await live.session.ended;
    }
    program.finish();
    expect(await program.end).toBe(AS_ALONE);
  });
});

describe('detached from', () => {
  const settled = async () => {
    const program = await start('waits_with_threads');
    await program.said('ready');
    await until('their sleep', () => states(program.pid) === 'SSS');
    return { ...program, before: traces(program.pid) };
  };
  const sameAs = async (pid: number, before: string) => {
    // A thread that has just been let go runs for a moment, back to its sleep.
    await expect.poll(() => traces(pid), { interval: 10 }).toBe(before);
  };

  it('a program is as it was found', async () => {
    const { pid, before } = await settled();
    const live = attach(pid);
    await live.command({ do: 'verify' });
    expect(status(pid, 'TracerPid')).not.toBe('0');
    await live.command({ do: 'detach' });
    await live.session.ended;
    expect(live.log.facts(live.rows('detach')[0] ?? -1, 'detach')).toEqual({ pid, left: [] });
    await sameAs(pid, before);
  });

  it('a paused program runs', async () => {
    const { pid, before } = await settled();
    const live = attach(pid);
    await live.command({ do: 'pause' });
    await until('the stop', () => status(pid, 'State') === 't');
    await live.command({ do: 'detach' });
    await live.session.ended;
    await sameAs(pid, before);
  });

  it('a program is as it was found when the session is closed', async () => {
    const { pid, before } = await settled();
    const live = attach(pid);
    live.session.dispose();
    await sameAs(pid, before);
    // Without waiting for the engine's next word, as at a second ^C: the log says so all the same.
    expect(live.rows('detach').map((row) => live.log.facts(row, 'detach'))).toEqual([{ pid, left: [] }]);
  });

  it('a stopped program stays stopped', async () => {
    const { pid } = await settled();
    process.kill(pid, 'SIGSTOP');
    await until('the stop', () => states(pid) === 'TTT');
    const before = traces(pid);
    const live = attach(pid);
    await live.command({ do: 'verify' });
    await live.command({ do: 'detach' });
    await live.session.ended;
    await sameAs(pid, before);
  });
});

describe('left stopped at its fault', () => {
  it.each([
    { what: 'a program that dies of it', args: [], ends: 'ready\nstatus 139\n' },
    { what: 'a program that handles it', args: ['handles'], ends: 'ready\nentered 1: 11 at 0x1230\nstatus 6\n' },
  ])('$what stands at the instruction, and raises it once when it goes on', async ({ args, ends }) => {
    const { pid, said, tell, output, end } = await start('faults_when_told', args);
    await said('ready');
    const live = attach(pid);
    await live.command({ do: 'pause-on', rules: ['fault'] });
    tell('go');
    await until('the fault', () => live.rows('stop').length === 1);
    const { instruction } = live.log.needFacts(live.rows('fault')[0] ?? -1, 'fault');
    await live.command({ do: 'detach', stopped: true });
    await live.session.ended;
    expect(live.world().phase).toMatchObject({ at: 'detached', stopped: true });
    await until('its stop', () => status(pid, 'State') === 'T');
    expect(status(pid, 'TracerPid')).toBe('0');
    // In no call, and where: number, stack, instruction (proc(5), /proc/PID/syscall).
    expect(readFileSync(`/proc/${pid}/syscall`, 'utf8')).toMatch(
      new RegExp(`^-1 0x[0-9a-f]+ ${instruction.address}\n$`),
    );
    expect(output()).toBe('ready\n');
    process.kill(pid, 'SIGCONT');
    expect(await end).toBe(ends);
  });
});

describe('a host that is killed', () => {
  const kills = Number(process.env.KEYHOLE_KILLS ?? 20);
  it('leaves the program that it was attached to running, to its normal end', {
    timeout: (kills / 4) * PATIENCE_MS,
  }, async () => {
    const once = async (at: number): Promise<string> => {
      const program = await start('works_on', ['tracer-dies']);
      await program.said('works');
      const host = spawn(process.execPath, [cli, 'attach', String(program.pid)], { stdio: 'ignore' });
      await until('the attachment', () => status(program.pid, 'TracerPid') !== '0');
      await pause(at);
      host.kill('SIGKILL');
      await until('the end of it', () => status(program.pid, 'TracerPid') === '0');
      program.finish();
      return program.end;
    };
    for (let i = 0; i < kills; i += 4) {
      const ends = await Promise.all([0, 1, 2, 3].map(() => once(Math.random() * 1000)));
      expect(ends).toEqual([AS_ALONE, AS_ALONE, AS_ALONE, AS_ALONE]);
    }
  });
});

describe('what cannot be attached to is refused by name', () => {
  const isRoot = process.getuid?.() === 0;
  /** As a user without rights, in a process of its own. */
  const attachAsNobody = (pid: number) => {
    const script = `process.setuid(${NOBODY}); require(${JSON.stringify(paths.addon)})
      .attach(process.argv[1], () => {})`;
    const config = resolveAttach(pid, { keys: 'auto' }, { where: 'test', helper: paths.helper, hasPku: !observes });
    execFileSync(process.execPath, ['-e', script, JSON.stringify(config)], { stdio: 'pipe' });
  };
  const refused = (pid: number, why: RegExp) => expect(() => attach(pid)).toThrow(why);

  it('nobody, Keyhole itself, a thread, what has ended', async () => {
    refused(4_000_000, /cannot attach to process 4000000: no such process/);
    refused(process.pid, /Keyhole itself/);
    const { pid, said } = await start('waits_with_threads');
    await said('ready');
    const thread = Number(readdirSync(`/proc/${pid}/task`).find((tid) => tid !== String(pid)));
    refused(thread, new RegExp(`a thread; its process is ${pid}`));
    // Its parent has become a sleeper, which waits for nobody.
    const parent = await start('/bin/sh', ['-c', 'true & exec sleep 60']);
    const dead = () => Number(readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8'));
    await until('its end', () => dead() > 0 && status(dead(), 'State') === 'Z');
    refused(dead(), /has ended already/);
  });

  it('what somebody else traces, with who does', async () => {
    const { pid, said } = await start('waits_with_threads');
    await said('ready');
    attach(pid);
    refused(pid, /this Keyhole watches it already: go back to its session; to begin anew, detach it there/);
    const { status: code, stderr } = keyhole(['attach', String(pid)]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`already traced by process ${process.pid} (`),
    });
  });

  it('what belongs to another user', async () => {
    if (!isRoot) return refused(1, /belongs to user 0/);
    const { pid } = await start('waits_with_threads');
    expect(() => attachAsNobody(pid)).toThrow(/belongs to user 0, and only that user and root may attach/);
  });

  it.runIf(isRoot)('what the kernel protects from its own user (skipped: only root can try)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhole-test-'));
    chmodSync(folder, 0o755);
    const file = join(folder, 'unreadable');
    copyFileSync(join(root, 'build/targets/waits_with_threads'), file);
    // Whoever may not read a program may not look into it while it runs (fs/exec.c, would_dump).
    chmodSync(file, 0o711);
    const program = spawn(file, { uid: NOBODY, gid: NOBODY, stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      await once(program.stdout, 'data');
      const scope = '/proc/sys/kernel/yama/ptrace_scope';
      const why =
        existsSync(scope) && Number(readFileSync(scope, 'utf8')) > 0 ? /ptrace_scope is \d/ : /does not permit it/;
      expect(() => attachAsNobody(program.pid ?? 0)).toThrow(why);
    } finally {
      program.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  });

  it('a 32-bit program (skipped where the kernel runs none)', async (test) => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhole-test-'));
    const file = join(folder, 'sleeper32');
    writeFileSync(file, sleeper32(), { mode: 0o755 });
    const program = spawn(file, { stdio: 'ignore' });
    const ended = new Promise((resolve) => program.once('exit', resolve).once('error', resolve));
    rmSync(folder, { recursive: true });
    await Promise.race([ended, pause(100)]);
    if (program.pid === undefined || program.exitCode !== null || program.signalCode !== null) return test.skip();
    refused(program.pid, /a 32-bit program; only x86-64 programs can be looked at/);
    program.kill('SIGKILL');
    await ended;
  });

  const kernelThread = existsSync('/proc/2/comm') && readFileSync('/proc/2/comm', 'utf8') === 'kthreadd\n';
  it.runIf(kernelThread)('a thread of the kernel (skipped where the container shows none)', () => {
    refused(2, /a thread of the kernel, which has no memory to look at/);
  });
});

describe('an attached program', () => {
  it.runIf(observes)('is not changed where the CPU has no keys, and says why', async () => {
    const { pid, said } = await start('waits_with_threads');
    await said('ready');
    const live = attach(pid);
    for (const command of [
      { do: 'tag', pid, start: '0x1000', end: '0x2000', key: 1 },
      { do: 'rights', tid: pid, pkru: 0 },
      { do: 'revert' },
    ])
      await expect(live.command(command)).rejects.toThrow(/observe-only: this CPU has no protection keys/);
    expect(await live.command({ do: 'verify' })).toEqual([]);
  });

  it('may be killed', async () => {
    const { pid, said, end } = await start('waits_with_threads');
    await said('ready');
    const live = attach(pid);
    await live.command({ do: 'kill' });
    await live.session.ended;
    expect(await end).toBe('ready\nstatus 137\n');
    expect(live.world().phase).toMatchObject({ at: 'ended', exit: { signal: 'SIGKILL' } });
  });

  it('is followed through fork and exec', async () => {
    const { pid, end, tell } = await start('/bin/sh', ['-c', 'read go; /bin/sleep 0.3 & wait; exec /bin/echo end']);
    const live = attach(pid);
    tell('go');
    await live.session.ended;
    expect(await end).toBe('end\nstatus 0\n');
    expect(live.rows('exec').map((row) => live.log.facts(row, 'exec')?.path.split('/').pop())).toEqual(
      expect.arrayContaining(['sleep', 'echo']),
    );
    expect(live.rows('process-birth').length).toBe(2);
  });
});
