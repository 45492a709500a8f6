/** What the window says while it has nothing to show yet, while something takes its time, and when the way to its session is lost. */
import { expect, type Page, test } from '@playwright/test';
import { buildSynthetic, openScreen, screens, syntheticPage } from './synthetic.ts';

test.beforeAll(buildSynthetic);

/** Sentences that are true of a log that is there, and false of one that is on its way. */
const emptiness =
  /No memory at|mapped nothing|No thread yet|was allowed|makes its own|Nothing found|Nothing has happened|printed nothing|No session/;

async function at(page: Page, name: string): Promise<void> {
  const screen = screens.find((each) => each.name === name);
  if (!screen) throw new Error(`no screen ${name}`);
  await openScreen(page, screen);
}
const lose = (page: Page, to: 'lost' | 'open'): Promise<void> =>
  page.evaluate((state) => Reflect.get(window, 'testing').state(state), to);
const areas = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.area')].map((area) => JSON.stringify(area.getBoundingClientRect())),
  );

test('a saved log that is being read: how far it is, nothing false, every panel in its place, and a way out', async ({
  browser,
}) => {
  const page = await syntheticPage(browser, 'dark');
  await at(page, 'reading');
  await expect(page.getByRole('heading', { name: 'Reading live.keyhole…' })).toBeVisible();
  const bar = page.getByRole('progressbar', { name: /^Events of live.keyhole/ });
  expect(Number(await bar.getAttribute('value'))).toBeGreaterThan(0);
  await expect(page.getByRole('banner').getByRole('status')).toHaveText('Snapshot, Reading');
  for (const name of ['Event rate', 'Findings', 'Output', 'TLS', 'Segments', 'Keys', 'Timelines', 'Page map']) {
    await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
    await expect(page.locator('body')).not.toContainText(emptiness);
  }
  const before = await areas(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('main', { name: 'Launch' })).toBeVisible();
  await at(page, 'map');
  expect(await areas(page)).toEqual(before);
  await page.close();
});

test('a program that is being started says so, and can be given up', async ({ browser }) => {
  const page = await syntheticPage(browser, 'light');
  await at(page, 'starting');
  await expect(page.getByRole('banner').getByRole('status')).toHaveText('Starting');
  await expect(page.locator('body')).not.toContainText(emptiness);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('main', { name: 'Launch' })).toBeVisible();
  await page.close();
});

test('before the session has said a word the window claims nothing; unreachable, it says what to do', async ({
  browser,
}) => {
  const page = await syntheticPage(browser, 'dark');
  await at(page, 'connecting');
  await expect(page.locator('body')).not.toContainText(emptiness);
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
  await lose(page, 'lost');
  await expect(page.getByRole('main')).toContainText(/cannot be reached.*bin\/start/);
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeDisabled();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Connecting to the session…' })).toBeVisible();
  await page.close();
});

test('a lost connection: what is there stays, what needs the session waits, and the way back is one press', async ({
  browser,
}) => {
  const page = await syntheticPage(browser, 'dark');
  await at(page, 'lost');
  const notice = page.getByRole('alert');
  await expect(notice).toContainText('What is here stays readable');
  await expect(page.getByRole('region', { name: 'Page map' })).toContainText('libdav1d');
  for (const name of ['Save snapshot', 'Open snapshot', 'Run'])
    await expect(page.getByRole('button', { name, exact: true })).toBeDisabled();
  const before = await areas(page);
  await notice.getByRole('button', { name: 'Connect again' }).click();
  await expect(notice).toContainText('Connecting to the session again…');
  expect(await areas(page)).toEqual(before);
  await lose(page, 'open');
  await expect(notice).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Save snapshot' })).toBeEnabled();
  await page.close();
});

for (const [name, words] of [
  ['saving', 'Saving the snapshot…'],
  ['attaching', 'Attaching to process 4121…'],
  ['launching', 'Starting python3…'],
] as const)
  test(`${name} takes its time and says so`, async ({ browser }) => {
    const page = await syntheticPage(browser, 'light');
    await at(page, name);
    await expect(page.getByRole('status').filter({ hasText: words })).toBeVisible();
    await page.close();
  });

test('a comparison with the kernel that finds nothing stays said, at its time', async ({ browser }) => {
  const page = await syntheticPage(browser, 'dark');
  await at(page, 'findings');
  const words = page.getByText(/^Agrees with the kernel’s own list, compared at 0\.640/);
  await expect(words).toBeVisible();
  await page.getByRole('tab', { name: 'Timelines' }).click();
  await page.getByRole('tab', { name: /^Findings/ }).click();
  await expect(words).toBeVisible();
  // Before it was asked for, nobody had compared.
  await page.getByRole('button', { name: 'Previous event' }).click();
  await expect(page.getByText(/^Not compared/)).toBeVisible();
  await page.close();
});

test('a failure at the foot of a long screen is brought into sight', async ({ browser }) => {
  const page = await syntheticPage(browser, 'dark');
  await page.setViewportSize({ width: 1180, height: 720 });
  await at(page, 'launch');
  await page.getByLabel('Snapshot file').setInputFiles({
    name: 'cut.keyhole',
    mimeType: 'application/zip',
    buffer: Buffer.from('PK'),
  });
  await expect(page.getByRole('alert')).toBeInViewport({ ratio: 1 });
  await page.close();
});

test('a question begins at its first answer, the one that changes nothing, and not at a word to look up', async ({
  browser,
}) => {
  const page = await syntheticPage(browser, 'light');
  await at(page, 'kill');
  await expect(page.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await at(page, 'question');
  await expect(page.getByRole('button', { name: 'Leave it' })).toBeFocused();
  // Left, by Escape or by its answer, it gives the focus back.
  const asking = page.getByRole('button', { name: 'Share this page…' });
  await page.keyboard.press('Escape');
  await expect(asking).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Leave it' }).click();
  await expect(asking).toBeFocused();
  // Where there is something to choose, it comes first.
  await at(page, 'tag');
  await expect(page.getByRole('dialog').getByRole('combobox').first()).toBeFocused();
  await page.close();
});

test('a button that was disabled while it worked has the focus again', async ({ browser }) => {
  const page = await syntheticPage(browser, 'light');
  await at(page, 'map');
  const save = page.getByRole('button', { name: 'Save snapshot' });
  const download = page.waitForEvent('download');
  await save.press('Enter');
  await download;
  await expect(save).toBeFocused();
  await page.close();
});

test('a past instant says its own policy in full, and a thread that has ended ran', async ({ browser }) => {
  const page = await syntheticPage(browser, 'dark');
  await page.setViewportSize({ width: 1180, height: 720 });
  await at(page, 'map');
  const note = page.getByText('shown: slot-only');
  await expect(note).toBeVisible();
  expect(await note.evaluate((it) => it.scrollWidth - it.clientWidth)).toBe(0);
  await at(page, 'thread');
  await expect(page.getByRole('region', { name: 'Thread card', exact: true })).toContainText('Ran as cli');
  await page.close();
});
