/** Where a session starts: a policy of one's own, what is dropped, and what was launched before. */
import { expect, type Page, test } from '@playwright/test';
import { ServedKeyhole } from './server.ts';
import { drop, launchProgram, runAgainUnder, waitForEnd } from './steps.ts';

let served: ServedKeyhole;
test.beforeEach(async ({ page }) => {
  served = await ServedKeyhole.start();
  await page.goto(served.url);
  await expect(page.getByRole('region', { name: 'Examples' }).getByRole('button').first()).toBeVisible();
});
test.afterEach(() => served.stop());

const form = (page: Page) => page.getByRole('region', { name: 'Program', exact: true });

test('a policy of one’s own: typed, read from a file, and refused by the field that is wrong', async ({ page }) => {
  await form(page)
    .getByRole('combobox', { name: /^Policy/ })
    .selectOption('my own');
  const own = form(page).getByRole('textbox', { name: /^Policy as a launch file/ });
  await expect(own).toHaveValue(/"name": "mine"/);
  await own.fill('{"name": "mine", "carveOuts": ["slots"]}');
  await launchProgram(page, '/bin/true', '');
  await expect(page.getByRole('alert')).toContainText(/policy.*carveOuts/);
  await form(page)
    .getByLabel('Policy file')
    .setInputFiles({
      name: 'policy.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{"name": "slot-and-rseq", "carveOuts": ["slot", "rseq"]}'),
    });
  await expect(own).toHaveValue(/slot-and-rseq/);
  await launchProgram(page, '/bin/true', '');
  await waitForEnd(page, /exit status 0/);
  await expect(page.getByRole('button', { name: /^Policy/ })).toContainText('slot-and-rseq');
});

test('what is dropped: a launch file is run, a program says what a browser cannot', async ({ page }) => {
  await drop(page, 'launch.json', '{"program": "/bin/echo", "args": ["dropped"]}');
  await waitForEnd(page, /exit status 0/);
  await expect(page.getByRole('banner').getByText('echo dropped', { exact: true })).toBeVisible();
  await drop(page, 'bad.json', '{"program": 3}');
  await expect(page.getByRole('alert')).toContainText(/program/);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await drop(page, 'true', '\x7fELF');
  await expect(page.getByRole('alert')).toContainText('a browser does not tell where a program lies');
});

test('what was launched before is offered again, newest first, each once', async ({ page }) => {
  const recent = page.getByRole('list', { name: 'Recent launches' });
  for (const words of ['one', 'two', 'one']) {
    await launchProgram(page, '/bin/echo', words);
    await waitForEnd(page, /exit status 0/);
    await page.getByRole('button', { name: 'New session' }).click();
  }
  await expect(recent.getByRole('button')).toHaveText(['echo one', 'echo two']);
  await recent.getByRole('button', { name: 'echo two' }).click();
  await waitForEnd(page, /exit status 0/);
  await expect(page.getByRole('banner').getByText('echo two', { exact: true })).toBeVisible();
});

test('while a program runs, what would end it says so, and a drop asks first', async ({ page }) => {
  const state = page.getByRole('banner').getByRole('status');
  await launchProgram(page, '/bin/sleep', '1000');
  await expect(state).toContainText('Running');
  await page.getByRole('button', { name: 'New session' }).click();
  await expect(page.getByRole('main')).toContainText(
    'A program is running: whatever is started or opened here ends it',
  );
  await page.getByRole('button', { name: 'Back to the session' }).click();
  await drop(page, 'launch.json', '{"program": "/bin/echo", "args": ["dropped"]}');
  const question = page.getByRole('dialog', { name: 'Open launch.json?' });
  await question.getByRole('button', { name: 'Leave it' }).click();
  await expect(question).toHaveCount(0);
  await expect(state).toContainText('Running');
  await drop(page, 'launch.json', '{"program": "/bin/echo", "args": ["dropped"]}');
  await question.getByRole('button', { name: 'Open launch.json' }).click();
  await waitForEnd(page, /exit status 0/);
  await expect(page.getByRole('banner').getByText('echo dropped', { exact: true })).toBeVisible();
});

test('what cannot be started is named, in words that lead on', async ({ page }) => {
  const alert = page.getByRole('alert');
  for (const [program, args, words] of [
    ['/no/such/program', '', '/no/such/program: no such program'],
    ['/tmp', '', 'is a folder'],
    ['/etc/passwd', '', 'not executable'],
    ['/bin/echo', 'an "open quote', 'an open quote'],
    ['/bin/echo', 'x'.repeat(200_000), 'args, env: longer than the kernel takes'],
  ] as const) {
    await launchProgram(page, program, args);
    await expect(alert).toContainText(words);
    await expect(alert).toBeInViewport();
  }
  await page.getByLabel(/^Number or name/).fill('no-such-process-anywhere');
  await expect(page.getByText(/^No process of yours has this name/)).toBeVisible();
  await page.getByLabel(/^Number or name/).fill('999999');
  await page.getByRole('button', { name: 'Attach', exact: true }).click();
  await expect(alert.filter({ hasText: 'process 999999: no such process' })).toBeVisible();
  for (const [name, text, words] of [
    ['notes.txt', 'hello', 'notes.txt: neither a snapshot'],
    ['odd.json', '{"program": "/bin/true", "colour": "red"}', 'odd.json: colour: unknown field'],
  ] as const) {
    await drop(page, name, text);
    await expect(alert.filter({ hasText: words })).toBeVisible();
  }
});

test('what was typed is run again by one press, under another policy too', async ({ page }) => {
  await launchProgram(page, '/bin/echo', 'again');
  await waitForEnd(page, /exit status 0/);
  await expect(page.getByRole('region', { name: 'Compartments' })).toContainText('None: nobody named any');
  const pid = page.getByRole('region', { name: 'Threads', exact: true }).getByTitle(/^thread \d+/);
  const before = await pid.textContent();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(pid).not.toHaveText(before ?? '');
  await waitForEnd(page, /exit status 0/);
  await runAgainUnder(page, 'split');
  await waitForEnd(page, /exit status 0/);
  await expect(page.getByRole('button', { name: /^Policy/ })).toContainText('split');
});

test('an argument that would turn the text around it is written out, in the title, the window and its tooltips', async ({
  page,
}) => {
  await launchProgram(page, '/bin/echo', 'clip\u202egpj.exe');
  await expect(page).toHaveTitle('echo clip\\u202egpj.exe · Keyhole');
  await expect(page.getByRole('banner')).toContainText('clip\\u202egpj.exe');
  await waitForEnd(page, /exit status 0/);
  await page.getByRole('tab', { name: 'Output' }).click();
  await expect(page.getByRole('region', { name: 'Program output' })).toContainText('clip\\u202egpj.exe');
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toHaveAttribute('title', /\\u202egpj/);
});
