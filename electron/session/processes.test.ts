import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { runCommand } from './commands.ts';
import { Desk } from './desk.ts';
import { listProcesses, programName } from './processes.ts';
import { FakeNative } from './testing/fake-native.ts';
import { testPaths } from './testing/scene.ts';

const sleeper = async (): Promise<number> => {
  const child = spawn('/bin/sleep', ['60']);
  onTestFinished(() => void child.kill());
  await once(child, 'spawn');
  return child.pid ?? 0;
};

test('own processes are listed with their command lines, Keyhole itself is not', async () => {
  const pid = await sleeper();
  const all = listProcesses();
  expect(all.find((one) => one.pid === pid)).toEqual({ pid, name: programName(pid), line: '/bin/sleep 60' });
  expect(all.some((one) => one.pid === process.pid)).toBe(false);
});

test('a process that is not there has a name all the same', () => {
  expect(programName(99_999_999)).toBe('process 99999999');
});

test('the window attaches by number, observing where nothing else is asked, and lets go by command', async () => {
  const native = new FakeNative();
  const desk = new Desk({ native, paths: testPaths, host: 'browser', cwd: '/', env: {} });
  onTestFinished(() => desk.dispose());
  const pid = await sleeper();
  await runCommand(desk, { do: 'attach', pid });
  expect(native.attached).toMatchObject([{ pid, keys: 'auto', policy: { name: 'observe' }, compartments: [] }]);
  expect(desk.session?.origin.source).toEqual({ kind: 'live', title: programName(pid), launchPath: null });
  const answer = runCommand(desk, { do: 'detach' });
  const [sent] = native.engine.commands;
  expect(sent?.command).toEqual({ do: 'detach' });
  native.engine.reply({ id: sent?.id ?? 0 });
  await expect(answer).resolves.toBeUndefined();
});
