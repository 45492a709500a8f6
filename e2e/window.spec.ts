import { expect, test } from '@playwright/test';
import { ServedKeyhole } from './server.ts';
import {
  expectCanaryCard,
  expectRegions,
  expectSamePicture,
  keepPictures,
  launchExample,
  region,
  runAgainUnder,
  takePicture,
  waitForEnd,
} from './steps.ts';

let served: ServedKeyhole;
test.beforeEach(async () => {
  served = await ServedKeyhole.start();
});
test.afterEach(() => served.stop());

test('the main job: tag-all dies at the canary, split runs to the end, the snapshot shows the same', async ({
  page,
  browser,
}, info) => {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });

  await page.goto(served.url);
  await launchExample(page, /tag-all-rseq-off/);
  await waitForEnd(page, /SIGSEGV/);
  await expectRegions(page);
  await expectCanaryCard(page);
  await keepPictures(page, info, 'tag-all');

  await runAgainUnder(page, 'split');
  await waitForEnd(page, /(exit|code|status) ?0|ended well/i);
  await expectRegions(page);
  await expect(region(page, 'Fault card')).toHaveCount(0);
  await keepPictures(page, info, 'split');

  const before = await takePicture(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save snapshot' }).click();
  const file = info.outputPath('split.keyhole');
  await (await download).saveAs(file);

  // Another process and another page: only the file carries the session over.
  const second = await ServedKeyhole.start();
  const other = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await other.goto(second.url);
  const chooser = other.waitForEvent('filechooser');
  await other.getByRole('button', { name: 'Open snapshot' }).click();
  await (await chooser).setFiles(file);
  await expectRegions(other);
  await expectSamePicture(other, before, info);
  await keepPictures(other, info, 'reopened');
  await other.close();
  await second.stop();
  expect(complaints).toEqual([]);
});

test('with rseq kept, the kernel kills tag-all and the card names the rseq area', async ({ page }, info) => {
  await page.goto(served.url);
  await launchExample(page, /tag-all$/);
  await waitForEnd(page, /SIGSEGV/);
  await expect(region(page, 'Fault card')).toContainText(/rseq/);
  await keepPictures(page, info, 'rseq');
});

test('pause, look, continue, kill', async ({ page }) => {
  await page.goto(served.url);
  await launchExample(page, /: split$/);
  const controls = page.getByRole('group', { name: 'Program' });
  await controls.getByRole('button', { name: 'Pause' }).click();
  await expect(controls.getByRole('button', { name: 'Continue' })).toBeEnabled();
  await expectRegions(page);
  await controls.getByRole('button', { name: 'Continue' }).click();
  await expect(controls.getByRole('button', { name: 'Pause' })).toBeEnabled();
  await controls.getByRole('button', { name: 'Kill' }).click();
  await page.getByRole('button', { name: 'Kill the program' }).click();
  await waitForEnd(page, /SIGKILL/);
});

test('bin/start opens the default session, the run that dies at the canary', async ({ page }) => {
  const started = await ServedKeyhole.start(['bin/start']);
  await page.goto(started.url);
  await waitForEnd(page, /SIGSEGV/);
  await expectCanaryCard(page);
  await started.stop();
});

test('without its token the page is refused, and the answer says which address to use', async ({ page }) => {
  const answer = await page.goto(new URL('/', served.url).href);
  expect(answer?.status()).toBe(403);
  expect(await answer?.text()).toContain('address that Keyhole printed');
});
