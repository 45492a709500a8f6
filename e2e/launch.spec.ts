/** Where a session starts: a policy of one's own, what is dropped, and what was launched before. */
import { expect, type Page, test } from '@playwright/test';
import { ServedKeyhole } from './server.ts';
import { drop, launchProgram, waitForEnd } from './steps.ts';

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
