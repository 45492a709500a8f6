import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { presets } from '../../core/contract/policies.ts';
import type { RecordSummary } from '../../core/contract/record.ts';
import { LogBuilder } from '../../core/model/testing/logBuilder.ts';
import { FakeNative } from '../session/testing/fake-native.ts';
import { tempFolder } from '../session/testing/scene.ts';
import { runKeyhole } from './testing/run.ts';

/** A process that is watched for a moment and then let go of. */
function watched(control: 'observe' | 'full', left: readonly string[] = []): LogBuilder {
  const log = new LogBuilder();
  log.pid = log.tid = 100;
  log.row(
    'session',
    {},
    {
      program: '/usr/bin/sleep',
      args: ['9'],
      keys: control === 'full' ? 'hardware' : 'none',
      gates: 'program',
      policy: 'observe',
      rounding: 'padded',
      rseq: 'keep',
      onFault: 'deliver',
      tracerPolicy: 'off',
      compartments: [],
      kernel: '6.1.0',
      startedAt: '2026-01-01T00:00:00.000Z',
      attached: { pid: 100, control },
    },
  );
  log.row('process-birth', { cause: 'assumed' }, {});
  log.row('thread-birth', { cause: 'assumed' }, { name: 'sleep' });
  log.row('detach', { cause: 'user' }, { pid: 100, left: [...left] });
  return log;
}

/** Runs until a first ^C, at which the engine lets go. */
function nativeThatWaits(log = watched('observe')): {
  native: FakeNative;
  onInterrupt: (callback: () => void) => () => void;
} {
  const native = new FakeNative();
  const onInterrupt = (callback: () => void): (() => void) => {
    setTimeout(() => {
      callback();
      const command = native.engine.commands[0];
      native.engine.publish(log.batch());
      if (command) native.engine.reply({ id: command.id });
      native.engine.finish();
    }, 30);
    return () => {};
  };
  return { native, onInterrupt };
}

describe('attach', () => {
  test('^C lets go of the process, and says what was recorded', async () => {
    const given = nativeThatWaits();
    const { status, stdout, stderr } = await runKeyhole(['attach', '100', '--json'], given);
    expect(status).toBe(0);
    expect(given.native.engine.commands.map(({ command }) => command)).toEqual([{ do: 'detach' }]);
    expect(given.native.attached).toMatchObject([
      { pid: 100, keys: 'auto', policy: presets.observe, compartments: [] },
    ]);
    const summary = JSON.parse(stdout) as RecordSummary;
    expect(summary).toMatchObject({
      exit: null,
      keys: 'none',
      attached: { pid: 100, control: 'observe', detached: { left: [] } },
    });
    expect(stderr).toMatch(/^keyhole: observe-only: this CPU has no protection keys/);
  });

  test('in text it says that the process runs on, what could be done, and what was left behind', async () => {
    const given = nativeThatWaits(watched('full', ['a page kept key 3']));
    given.native.pku = true;
    const { stdout, stderr } = await runKeyhole(['attach', '100'], given);
    expect(stdout).toMatch(/^ended\s+no: Keyhole let go of it, and it runs on$/m);
    expect(stdout).toMatch(/^attached\s+process 100: could be changed/m);
    expect(stdout).toMatch(/^left behind\s+a page kept key 3$/m);
    expect(stderr).toBe('');
  });

  test('--launch brings compartments, --policy wins, -o saves', async () => {
    const cwd = tempFolder();
    const compartments = [{ key: 2, name: 'two', modules: ['lib*.so'] }];
    writeFileSync(join(cwd, 'two.json'), JSON.stringify({ program: 'x', policy: 'split', compartments }));
    const given = { ...nativeThatWaits(), cwd };
    const words = ['attach', '100', '--launch', 'two.json', '--policy', 'tag-all', '-o', 'a.keyhole'];
    expect((await runKeyhole(words, given)).status).toBe(0);
    expect(given.native.attached).toMatchObject([
      { policy: presets['tag-all'], compartments: [{ key: 2, modules: [{ match: 'lib*.so', code: 'own' }] }] },
    ]);
    expect(existsSync(join(cwd, 'a.keyhole'))).toBe(true);
  });

  test.each([
    [['attach'], /missing required argument 'pid'/],
    [['attach', 'sleep'], /PID: must be the number of a process \(got "sleep"\)/],
    [['attach', '0'], /PID: must be the number of a process/],
    [['attach', '-3'], /PID: must be the number of a process/],
    [['attach', '99999999'], /PID: must be/],
    [['attach', '100', '--keys', 'emulated'], /--keys: emulated keys need a system-call filter/],
    [['attach', '100', '--keys', 'hardware'], /--keys: hardware needs a CPU .*allowed here: auto, which observes/],
    [['attach', '100', '--launch', '/nowhere.json'], /no such launch file/],
    [['attach', '100', '-o', '/nowhere/x.keyhole'], /--output: no such folder/],
  ])('%j is refused before anything is attached to', async (words, message) => {
    const native = new FakeNative();
    const { status, stdout, stderr } = await runKeyhole(words, { native });
    expect({ status, stdout, attached: native.attached }).toEqual({ status: 2, stdout: '', attached: [] });
    expect(stderr.trimEnd()).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('virtual gates are for a launch', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'v.json'), JSON.stringify({ program: 'x', gates: 'virtual' }));
    const { status, stderr } = await runKeyhole(['attach', '1', '--launch', 'v.json'], {
      native: new FakeNative(),
      cwd,
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/gates: virtual gates are made at a launch/);
  });

  test('what the engine refuses is one line', async () => {
    const native = new FakeNative();
    native.refuse = 'cannot attach to process 7: no such process';
    expect(await runKeyhole(['attach', '7'], { native })).toEqual({
      status: 1,
      stdout: '',
      stderr: 'keyhole: cannot attach to process 7: no such process\n',
    });
  });
});
