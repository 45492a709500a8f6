/** A program that ran already, by hand: attach, see where it stands and what is not known of it, let go of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { ServedKeyhole } from '../server.ts';
import { part } from './asking.ts';

let served: ServedKeyhole;
let program: ChildProcess | null = null;
test.beforeEach(async () => {
  served = await ServedKeyhole.start();
});
test.afterEach(async () => {
  await served.stop();
  program?.kill('SIGKILL');
  program = null;
});

const state = (page: Page) => page.getByRole('banner').getByRole('status');
const field = (pid: number, name: string): string =>
  new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';

/** Starts python and attaches to it by what the form offers for its number. */
async function attached(page: Page, lines: readonly string[]): Promise<{ pid: number; child: ChildProcess }> {
  const child = spawn('/usr/bin/python3', ['-c', lines.join('\n')], { stdio: ['pipe', 'pipe', 'inherit'] });
  program = child;
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  await page.goto(served.url);
  const form = page.getByRole('region', { name: 'Running process' });
  await form.getByLabel('Number or name of one of your processes').fill(String(pid));
  await form.getByRole('button', { name: new RegExp(`^${pid} python3`) }).click();
  await expect(state(page)).toContainText('Running');
  expect(field(pid, 'TracerPid')).not.toBe('0');
  return { pid, child };
}

const waits = ['import sys', 'print("ready", flush=True)', 'sys.stdin.readline()'];

test('attach, look, detach: the program runs on as it was found', async ({ page }) => {
  const { pid, child } = await attached(page, [...waits, 'print("went on")']);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(state(page)).toContainText('Paused');
  const thread = part(page, 'Threads').getByRole('button', { name: /^T1 python3/ });
  await expect(thread).toContainText(/in read, at \S+ of libc/);
  // Once more from the launch screen: it is this very session that has it, and the way back is beside.
  await page.getByRole('button', { name: 'New session' }).click();
  const form = page.getByRole('region', { name: 'Running process' });
  await form.getByLabel('Number or name of one of your processes').fill(String(pid));
  await form.getByRole('button', { name: 'Attach', exact: true }).click();
  await expect(form.getByRole('alert')).toContainText('this Keyhole watches it already: go back to its session');
  await page.getByRole('button', { name: 'Back to the session' }).click();
  await expect(state(page)).toContainText('Paused');
  await page.getByRole('button', { name: 'Detach' }).click();
  await expect(state(page)).toContainText(`Detached, process ${pid} runs on`);
  await expect(page.getByRole('group', { name: 'Instant shown' })).toContainText('End');
  // It prints into its own files: 0 would be said of what nobody saw.
  await page.getByRole('tab', { name: 'Output', exact: true }).click();
  await expect(part(page, 'Program output')).toContainText('What an attached program prints is not seen');
  expect(field(pid, 'TracerPid')).toBe('0');
  // Nothing of it is offered any more, and the log stays.
  for (const name of ['Pause', 'Continue', 'Kill'])
    await expect(page.getByRole('button', { name, exact: true })).toBeDisabled();
  const output = once(child.stdout ?? process.stdin, 'data');
  const ended = once(child, 'exit');
  child.stdin?.write('\n');
  expect(String((await output)[0])).toContain('went on');
  expect((await ended)[0]).toBe(0);
});

test('stop here for gdb: it stands at its fault, and is left stopped there', async ({ page }) => {
  const { pid, child } = await attached(page, [...waits, 'import ctypes', 'ctypes.string_at(0)']);
  await page.getByRole('button', { name: /events that stop the program/ }).click();
  await page.getByRole('checkbox', { name: 'a fault' }).click();
  await expect(page.getByRole('checkbox', { name: 'a fault' })).toBeChecked();
  await page.keyboard.press('Escape');
  child.stdin?.write('\n');
  const card = part(page, 'Fault card');
  await expect(card).toContainText('Segmentation fault');
  await card.getByRole('button', { name: 'gdb…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Stop here for gdb' });
  await expect(dialog).toContainText(`gdb -p ${pid}`);
  await dialog.getByRole('button', { name: 'Leave it stopped' }).click();
  await expect(state(page)).toContainText(`Detached, process ${pid} is left stopped`);
  await expect.poll(() => field(pid, 'State')).toBe('T');
  expect(field(pid, 'TracerPid')).toBe('0');
  // It dies of its own fault once somebody lets it.
  const ended = once(child, 'exit');
  process.kill(pid, 'SIGCONT');
  expect((await ended)[1]).toBe('SIGSEGV');
});
