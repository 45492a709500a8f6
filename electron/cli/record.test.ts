import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SessionFacts } from '../../core/contract/details.ts';
import { presets } from '../../core/contract/policies.ts';
import type { RecordSummary } from '../../core/contract/record.ts';
import { LogBuilder } from '../../core/model/testing/logBuilder.ts';
import { type FakeEngine, FakeNative } from '../session/testing/fake-native.ts';
import { tempFolder } from '../session/testing/scene.ts';
import { runKeyhole } from './testing/run.ts';

const session: SessionFacts = {
  program: '/usr/bin/true',
  args: [],
  keys: 'emulated',
  gates: 'program',
  policy: 'split',
  rounding: 'padded',
  rseq: 'keep',
  onFault: 'deliver',
  tracerPolicy: 'off',
  compartments: [],
  kernel: '6.1.0',
  startedAt: '2026-01-01T00:00:00.000Z',
};

/** A program that lives briefly, writes two lines and ends. */
function life(): LogBuilder {
  const log = new LogBuilder();
  log.pid = log.tid = 100;
  log.row('session', {}, session);
  log.row('process-birth', {}, {});
  log.row('thread-birth', { cause: 'kernel' }, { name: 'true' });
  log.row('thread-exit', { cause: 'program' });
  log.row('process-exit', { cause: 'program' }, { code: 3 });
  return log;
}

function nativeThatLives(): FakeNative {
  const native = new FakeNative();
  native.onLaunch = (engine) => {
    engine.publish(life().batch());
    engine.write('stdout', 'out\n');
    engine.write('stderr', 'err\n');
    engine.finish();
  };
  return native;
}

describe('record', () => {
  test('--json prints one object; the program’s output goes to stderr; its exit status is not ours', async () => {
    const { status, stdout, stderr } = await runKeyhole(['record', '--json', '--', 'true'], {
      native: nativeThatLives(),
    });
    expect(status).toBe(0);
    expect(stdout.split('\n')).toHaveLength(2);
    const summary = JSON.parse(stdout) as RecordSummary;
    expect(summary).toMatchObject({
      exit: { code: 3 },
      keys: 'emulated',
      gates: 'program',
      threads: [{ tid: 100, name: 'true' }],
      crossings: 0,
      faults: [],
      tags: [],
      findings: [],
    });
    expect(summary.events).toEqual({
      total: 7,
      dropped: 0,
      byKind: { session: 1, 'process-birth': 1, 'process-exit': 1, 'thread-birth': 1, 'thread-exit': 1, output: 2 },
    });
    expect(stderr.split('\n').sort()).toEqual(['', 'err', 'out']);
  });

  test('without --json it prints text for a person', async () => {
    const { stdout } = await runKeyhole(['record', '--', 'true'], { native: nativeThatLives() });
    expect(stdout).toMatch(/^ended\s+exit 3$/m);
    expect(stdout).toMatch(/^threads\s+100 true$/m);
    expect(stdout).toMatch(/^events\s+7, none dropped$/m);
  });

  test('a name of the program’s is no command to the terminal; a finding is called by its name', async () => {
    const native = new FakeNative();
    native.onLaunch = (engine) => {
      const log = life();
      log.row('thread-birth', { cause: 'kernel' }, { name: '\u001b[2J\n\u202eab' });
      log.row('finding', {}, { class: 'key-lost', text: 'in \u009b31m' });
      log.row('finding', {}, { class: 'of-tomorrow', text: 'x' });
      engine.publish(log.batch());
      engine.finish();
    };
    const { stdout } = await runKeyhole(['record', '--', 'true'], { native });
    expect(stdout).toMatch(/^threads .*100 \\x1b\[2J\\x0a\\u202eab$/m);
    expect(stdout).toContain('Findings\n  key lost: in \\x9b31m\n  of-tomorrow: x\n');
  });

  test('-o writes a snapshot, which open reads with the same object', async () => {
    const cwd = tempFolder();
    const recorded = await runKeyhole(['record', '--json', '-o', 'a.keyhole', '--', 'true'], {
      native: nativeThatLives(),
      cwd,
    });
    const opened = await runKeyhole(['open', '--json', 'a.keyhole'], { native: new FakeNative(), cwd });
    expect(opened).toEqual({ status: 0, stdout: recorded.stdout, stderr: '' });
    expect((await runKeyhole(['open', 'a.keyhole'], { native: new FakeNative(), cwd })).stdout).toMatch(
      /^ended\s+exit 3$/m,
    );
  });

  test('--policy and --keys win over the launch file', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'x.json'), '{"program": "true", "policy": "tag-all", "keys": "auto"}');
    const native = nativeThatLives();
    await runKeyhole(['record', '--launch', 'x.json', '--policy', 'split', '--keys', 'emulated'], { native, cwd });
    expect(native.engine.launch).toMatchObject({ policy: presets.split, keys: 'emulated', cwd });
    await runKeyhole(['record', '--launch', 'x.json', '--policy', '{"name":"mine"}'], { native, cwd });
    expect(native.engine.launch).toMatchObject({ policy: { name: 'mine', maxCarveOuts: 2 }, keys: 'auto' });
  });

  test('everything after -- belongs to the program', async () => {
    const native = nativeThatLives();
    await runKeyhole(['record', '--json', '--', 'true', '--json', '-o', '--', 'x y'], { native });
    expect(native.engine.launch.args).toEqual(['--json', '-o', '--', 'x y']);
  });

  test('a fault would stop a program that nobody can continue, so it is delivered and said', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'x.json'), '{"program": "true", "onFault": "stop"}');
    const native = nativeThatLives();
    const { stderr } = await runKeyhole(['record', '--json', '--launch', 'x.json'], { native, cwd });
    expect(native.engine.launch.onFault).toBe('deliver');
    expect(stderr).toContain('onFault is stop');
  });

  test('^C kills the program and what was recorded is still written; a second one gives up on the engine', async () => {
    const cwd = tempFolder();
    const native = new FakeNative();
    let interrupt = (): void => {};
    const launched = new Promise<FakeEngine>((resolve) => {
      native.onLaunch = resolve;
    });
    const onInterrupt = (callback: () => void) => {
      interrupt = callback;
      return () => {};
    };
    const result = runKeyhole(['record', '-o', 'a.keyhole', '--', 'true'], { native, cwd, onInterrupt });
    const engine = await launched;
    engine.publish(life().batch(0, 3));
    await expect.poll(() => engine.takes).toBeGreaterThan(0);
    interrupt();
    expect(engine.commands.map(({ command }) => command)).toEqual([{ do: 'kill' }]);
    interrupt();
    expect((await result).status).toBe(0);
    expect(engine.closed).toBe(1);
    const opened = await runKeyhole(['open', '--json', 'a.keyhole'], { native, cwd });
    expect(JSON.parse(opened.stdout)).toMatchObject({ exit: null, events: { total: 3 } });
  });

  test('an engine that dies is a failed recording; what there is is still saved', async () => {
    const cwd = tempFolder();
    const native = new FakeNative();
    native.onLaunch = async (engine) => {
      engine.publish(life().batch(0, 3));
      await expect.poll(() => engine.takes).toBeGreaterThan(0);
      engine.break('lost the tracee');
    };
    const result = await runKeyhole(['record', '-o', 'a.keyhole', '--', 'true'], { native, cwd });
    expect(result).toEqual({ status: 1, stdout: '', stderr: 'keyhole: recording failed: lost the tracee\n' });
    expect((await runKeyhole(['open', 'a.keyhole'], { native, cwd })).status).toBe(0);
  });
});

describe('plan-tls', () => {
  const line = { arch: 'x86_64', start: '0x1000', policy: 'split' };

  test('one answer a line, in order; a preset’s name becomes its policy', async () => {
    const stdin = `${JSON.stringify(line)}\n${JSON.stringify({ ...line, policy: { name: 'x' } })}\n`;
    const { stdout, status } = await runKeyhole(['plan-tls'], { native: new FakeNative(), stdin });
    expect(status).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text)),
    ).toEqual([{ asked: { ...line, policy: presets.split } }, { asked: { ...line, policy: { name: 'x' } } }]);
  });

  test('numbers beyond 2^53 reach the planner as they were written', async () => {
    const native = new FakeNative();
    const asked: string[] = [];
    native.planTls = (input) => {
      asked.push(input);
      return '{}';
    };
    const stdin = '{"tp": 18446744073709551615, "policy": "observe"}';
    await runKeyhole(['plan-tls'], { native, stdin });
    expect(asked).toEqual([`{"tp":18446744073709551615,"policy":${JSON.stringify(presets.observe)}}`]);
  });

  test('an unknown policy is an error line, and the next line is answered', async () => {
    const stdin = `${JSON.stringify({ ...line, policy: 'spilt' })}\n${JSON.stringify(line)}`;
    const { stdout } = await runKeyhole(['plan-tls'], { native: new FakeNative(), stdin });
    const [first, second] = stdout
      .split('\n')
      .map((text) => (text === '' ? null : (JSON.parse(text) as { error?: string })));
    expect(first?.error).toBe(
      'policy: must be one of observe, tag-all, slot-only, startup-tcb, split, tcb-dtv, neighbourhood, or a policy object (got "spilt")',
    );
    expect(second).toHaveProperty('asked');
  });
});
