/** The command line over the real engine. Without a built engine every test here fails and says how to build it. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Native } from '../../core/contract/engine.ts';
import type { RecordSummary } from '../../core/contract/record.ts';
import { loadNative } from '../session/native.ts';
import { Session } from '../session/session.ts';
import { launchOf, tempFolder, testPaths } from '../session/testing/scene.ts';
import { runKeyhole } from './testing/run.ts';

let native: Native;
beforeAll(() => {
  native = loadNative(testPaths);
});

const recorded = async (args: readonly string[], cwd = '/'): Promise<RecordSummary & { stderr: string }> => {
  const { status, stdout, stderr } = await runKeyhole(['record', '--json', ...args], { native, cwd });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return { ...(JSON.parse(stdout) as RecordSummary), stderr };
};

describe('record', () => {
  test('exit status and signals are the program’s, the recording works all the same', async () => {
    expect((await recorded(['--', 'sh', '-c', 'exit 7'])).exit).toEqual({ code: 7 });
    expect((await recorded(['--', 'sh', '-c', 'kill -TERM $$'])).exit).toMatchObject({ signal: 'SIGTERM' });
  });

  test('every byte of the program’s output arrives', async () => {
    expect((await recorded(['--', 'head', '-c', '3000000', '/dev/zero'])).stderr).toHaveLength(3_000_000);
  });

  test('the program gets its arguments, variables and folder', async () => {
    const cwd = tempFolder();
    const launch = { program: 'sh', args: ['-c', 'echo "$1|$NEW|$PWD|$HOME"', '--', 'a b'], env: { NEW: 'é' } };
    writeFileSync(join(cwd, 'x.json'), JSON.stringify(launch));
    expect((await recorded(['--launch', 'x.json'], cwd)).stderr).toBe(`a b|é|${cwd}|\n`);
  });

  test('^C kills a program that would not end, and the snapshot is written', async () => {
    const cwd = tempFolder();
    const { status, stdout } = await runKeyhole(['record', '--json', '-o', 'a.keyhole', '--', 'sleep', '1000'], {
      native,
      cwd,
      onInterrupt(callback) {
        const timer = setTimeout(callback, 300);
        return () => clearTimeout(timer);
      },
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ exit: { signal: 'SIGKILL' } });
    expect(existsSync(join(cwd, 'a.keyhole'))).toBe(true);
    const opened = await runKeyhole(['open', '--json', 'a.keyhole'], { native, cwd });
    expect(opened.stdout).toBe(stdout);
  });

  test('a file that is executable but no program is a failed recording, in one line that names it', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'odd'), 'no program\0\0', { mode: 0o755 });
    const { status, stdout, stderr } = await runKeyhole(['record', '--json', '--', './odd'], { native, cwd });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^keyhole: .*odd.*\n$/);
  });
});

describe('the session', () => {
  test('arguments that no kernel takes are named, not the helper that was given them', async () => {
    const { stderr } = await runKeyhole(['record', '--', '/bin/echo', 'x'.repeat(200_000)], { native });
    expect(stderr).toMatch(/^keyhole: args, env: longer than the kernel takes \(128 KiB each/);
  });

  test('dispose kills the program', async () => {
    const launch = { ...launchOf('/bin/sleep'), args: ['1000'], helper: testPaths.helper };
    const session = Session.launch(native, launch, { kind: 'live', title: 'sleep', launchPath: null });
    const pid = await new Promise<number>((resolve) => {
      session.subscribe({ batch: (batch) => resolve(batch.columns.pid.find((one) => one > 0) ?? 0) });
    });
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    session.dispose();
    await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
  });

  test('several programs, one after the other and at once', async () => {
    const source = { kind: 'live', title: 'true', launchPath: null } as const;
    const launch = { ...launchOf('/bin/true'), helper: testPaths.helper };
    const sessions = Array.from({ length: 5 }, () => Session.launch(native, launch, source));
    await Promise.all(sessions.map((session) => session.ended));
    for (const session of sessions) expect([session.failure, session.log.rows > 10]).toEqual([null, true]);
  });
});

describe('plan-tls', () => {
  const line = (i: number): string =>
    JSON.stringify({
      arch: 'x86_64',
      start: `0x${(0x7f0000000000 + i * 16).toString(16)}`,
      memsz: 0x2000 + i,
      key: 1 + (i % 15),
      tp: '0x7f0000100000',
      slot: null,
      startup: i % 2 === 0,
      policy: 'split',
    });

  test('10,000 lines in under two seconds of a processor, each answered in its place', async () => {
    const stdin = `${Array.from({ length: 10_000 }, (_, i) => line(i)).join('\n')}\n`;
    // Its own time, whatever else the machine is busy with.
    const start = process.cpuUsage();
    const { stdout } = await runKeyhole(['plan-tls'], { native, stdin });
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(2000);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as { ops?: { key: number }[] });
    expect(answers).toHaveLength(10_000);
    answers.forEach(({ ops }, i) => {
      expect(ops?.[0]?.key).toBe(1 + (i % 15));
    });
  });

  test('what is wrong with a line is said in its place', async () => {
    const stdin = `${line(0)}\n{\n\n[1]\n{"arch":"mips"}\n${line(1).replace('split', 'spilt')}\n${line(1)}`;
    const answers = (await runKeyhole(['plan-tls'], { native, stdin })).stdout.trimEnd().split('\n');
    expect(answers.map((answer) => Object.keys(JSON.parse(answer) as object)[0])).toEqual([
      'ops',
      'error',
      'error',
      'error',
      'error',
      'error',
      'ops',
    ]);
    expect(answers[4]).toContain('arch');
  });
});
