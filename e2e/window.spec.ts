import { expect, test } from '@playwright/test';
import { mainJob } from './main-job.ts';
import { ServedKeyhole } from './server.ts';
import { expectCanaryCard, keepPictures, launchExample, launchProgram, region, sizes, waitForEnd } from './steps.ts';

let served: ServedKeyhole[] = [];
const serve = async (command?: string[]): Promise<ServedKeyhole> => {
  const one = await ServedKeyhole.start(command);
  served.push(one);
  return one;
};
test.afterEach(async () => {
  for (const one of served) await one.stop();
  served = [];
});

test('the main job: tag-all dies at the canary, split runs to the end, the snapshot shows the same', async ({
  page,
  browser,
}, info) => {
  await page.goto((await serve()).url);
  const save = async (from: typeof page, file: string): Promise<void> => {
    const download = from.waitForEvent('download');
    await from.getByRole('button', { name: 'Save snapshot' }).click();
    await (await download).saveAs(file);
  };
  // Another process and another page: only the file carries the session over.
  const reopen = async (file: string): Promise<typeof page> => {
    const other = await browser.newPage({ viewport: sizes[0] });
    await other.goto((await serve()).url);
    const chooser = other.waitForEvent('filechooser');
    await other.getByRole('button', { name: 'Open snapshot' }).click();
    await (await chooser).setFiles(file);
    return other;
  };
  await mainJob(page, { save, reopen }, info);
});

test('with rseq kept, the kernel kills tag-all and the card names the rseq area', async ({ page }, info) => {
  await page.goto((await serve()).url);
  await launchExample(page, 'tag-all');
  await waitForEnd(page, /SIGSEGV/);
  await expect(region(page, 'Fault card')).toContainText(/rseq/);
  await keepPictures(page, info, 'rseq');
});

test('pause, look, continue, kill', async ({ page }) => {
  await page.goto((await serve()).url);
  await launchProgram(page, 'sleep', '60');
  const controls = page.getByRole('group', { name: 'Program' });
  const button = (name: string) => controls.getByRole('button', { name });
  await button('Pause').click();
  await expect(button('Continue')).toBeEnabled();
  await expect(button('Pause')).toBeDisabled();
  await expect(region(page, 'Page map')).toContainText('libc');
  await button('Continue').click();
  await expect(button('Pause')).toBeEnabled();
  await button('Kill').click();
  await page.getByRole('button', { name: 'Kill the program' }).click();
  await waitForEnd(page, /SIGKILL/);
  await expect(button('Kill')).toBeDisabled();
});

test('bin/start opens the default session, the run that dies at the canary', async ({ page }) => {
  await page.goto((await serve(['bin/start'])).url);
  await waitForEnd(page, /SIGSEGV/);
  await expectCanaryCard(page);
});

test('without its token the page is refused, and the answer says which address to use', async ({ page }) => {
  const answer = await page.goto(new URL('/', (await serve()).url).href);
  expect(answer?.status()).toBe(403);
  expect(await answer?.text()).toContain('address that Keyhole printed');
});

test('the connection is lost and made again: the instant shown and the selection stay, and the log goes on', async ({
  page,
}) => {
  let cut: () => Promise<void> = async () => {};
  await page.routeWebSocket(/./, (socket) => {
    socket.connectToServer();
    cut = () => socket.close();
  });
  await page.goto((await serve()).url);
  await launchProgram(page, '/bin/sleep', '60');
  await expect(region(page, 'Page map')).toContainText('libc');
  const instant = page.getByRole('group', { name: 'Instant shown' });
  for (let i = 0; i < 3; i++) await instant.getByRole('button', { name: 'Previous event' }).click();
  await region(page, 'Threads').getByRole('button', { name: /^T1 / }).click();
  const card = page.getByRole('region', { name: 'Thread card', exact: true });
  await expect(card).toBeVisible();
  await expect(instant).toContainText('Viewing');
  const shown = await instant.textContent();
  await cut();
  await page.getByRole('button', { name: 'Connect again' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(instant).toHaveText(shown ?? '');
  await expect(card).toBeVisible();
  // What happens now is in the same log.
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('banner').getByRole('status')).toContainText('Paused');
  await expect(instant).not.toHaveText(shown ?? '');
  await expect(instant).toContainText('Viewing');
  await page.keyboard.press('End');
  await expect(instant).toContainText('Live');
});
