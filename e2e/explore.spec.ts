/** Moving about in a session: the page map at every zoom, its filters and keys, and time travel by every way. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import { complaintsOf } from './main-job.ts';
import { ServedKeyhole } from './server.ts';
import { keepPictures, launchExample, region, waitForEnd } from './steps.ts';

let served: ServedKeyhole;
test.beforeEach(async ({ page }) => {
  served = await ServedKeyhole.start();
  await page.goto(served.url);
  await launchExample(page, 'split');
  await waitForEnd(page, /exit status 0/);
});
test.afterEach(() => served.stop());

const map = (page: Page): Locator => region(page, 'Page map');
const lines = (page: Page): Locator =>
  map(page)
    .getByRole('list', { name: /^Regions from line/ })
    .getByRole('button', { includeHidden: true });
const instant = (page: Page): Locator => page.getByRole('group', { name: 'Instant shown' });
const card = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

test('the map from everything at once to a lettered cell a page, in every colouring', async ({ page }, info) => {
  const complaints = complaintsOf(page);
  const zoom = map(page).getByRole('group', { name: /^Zoom of the map/ });
  const names = ['everything at once', 'a dot a page', 'a line a region', 'a cell a page', 'a lettered cell a page'];
  await zoom.getByRole('button', { name: 'Further away' }).click();
  await zoom.getByRole('button', { name: 'Further away' }).click();
  await expect(zoom.getByRole('button', { name: 'Further away' })).toBeDisabled();
  for (const [i, name] of names.entries()) {
    await expect(map(page).getByRole('group', { name: `Zoom of the map: ${name}` })).toBeVisible();
    await keepPictures(page, info, `zoom-${i}`);
    if (i < names.length - 1) await zoom.getByRole('button', { name: 'Nearer' }).click();
  }
  await map(page).getByRole('group', { name: 'Pages' }).press('0');
  for (const colouring of ['protection', 'owner', 'change', 'key']) {
    await map(page).getByLabel('Colour').selectOption(colouring);
    await keepPictures(page, info, `colour-${colouring}`);
  }
  expect(complaints).toEqual([]);
});

test('filters: by name, by key, by what changed; and the order by owner', async ({ page }) => {
  const filter = map(page).getByLabel('Show only memory whose owner');
  await filter.fill('libdav1d');
  // The list for screen readers follows once the map stands still.
  const named = async (): Promise<boolean> => {
    const texts = await lines(page).allTextContents();
    return texts.length > 0 && texts.every((text) => text.includes('libdav1d'));
  };
  await expect.poll(named).toBe(true);
  await filter.fill('no such thing');
  await expect(map(page)).toContainText('Nothing matches');
  await map(page).getByRole('button', { name: 'Show all memory' }).click();
  await expect.poll(() => lines(page).count()).toBeGreaterThan(5);

  await map(page).getByRole('button', { name: 'decoder', exact: true }).click();
  await expect
    .poll(async () => (await lines(page).allTextContents()).every((text) => text.includes('decoder')))
    .toBe(true);
  await map(page).getByRole('button', { name: 'decoder', exact: true }).click();

  await map(page).getByLabel('Changed').selectOption('here');
  await expect(map(page)).toContainText('Nothing matches');
  await map(page).getByLabel('Changed').selectOption('');

  await map(page).getByLabel(/^By/).selectOption('owner');
  const together = async (): Promise<boolean> => {
    const owners = (await lines(page).allTextContents()).map((text) => text.split(' ')[0]);
    return owners.filter((owner, i) => owner !== owners[i - 1]).length === new Set(owners).size;
  };
  await expect.poll(together).toBe(true);
});

test('search finds the memory of a key, and the keyboard walks from there', async ({ page }) => {
  await page.getByRole('combobox', { name: /^Find/ }).fill('decoder');
  await page.getByRole('option').filter({ hasText: 'libdav1d' }).first().click();
  await expect(card(page, 'Page card')).toContainText(/private to decoder/);
  const pages = map(page).getByRole('group', { name: 'Pages' });
  const address = async (): Promise<number> =>
    Number(/0x[0-9a-f]+/.exec((await card(page, 'Page card').textContent()) ?? '')?.[0] ?? 0);
  const first = await address();
  await pages.press('+');
  await pages.press('ArrowRight');
  await pages.press('Enter');
  await expect.poll(address).toBe(first + 4096);
  await card(page, 'Page card').getByRole('region', { name: 'Pages around it' }).getByRole('button').first().click();
  await expect.poll(address).toBeLessThan(first + 4096);
  await pages.press('ArrowRight');
  await pages.press(']');
  await pages.press('Enter');
  await expect(card(page, 'Page card')).not.toContainText('libdav1d');
});

test('time travel: drag, Shift drag, events of a page and of a thread, and back to the end', async ({ page }) => {
  const lanes = region(page, 'Timelines');
  const box = await lanes.boundingBox();
  if (!box) throw new Error('no timelines');
  const y = box.y + box.height - 30;
  const drag = async (from: number, to: number): Promise<void> => {
    await page.mouse.move(box.x + from, y);
    await page.mouse.down();
    await page.mouse.move(box.x + to, y, { steps: 4 });
    await page.mouse.up();
  };
  await expect(instant(page)).toContainText('End');
  await drag(900, 800);
  await expect(instant(page)).toContainText('Viewing');
  const shown = (): Promise<string | null> =>
    lanes.getByRole('img', { name: /^Event rate/ }).getAttribute('aria-label');
  const whole = await shown();
  await page.keyboard.down('Shift');
  await drag(600, 700);
  await page.keyboard.up('Shift');
  expect(await shown()).not.toBe(whole);
  await lanes.getByRole('button', { name: /^T1/ }).press('0');
  expect(await shown()).toBe(whole);

  // Neighbouring events can have the same time; their number is what moves.
  const time = (): Promise<string | null> =>
    instant(page)
      .getByTitle(/^event/)
      .getAttribute('title');
  await page.getByRole('combobox', { name: /^Find/ }).fill('decoder');
  await page.getByRole('option').first().click();
  await page.getByRole('combobox', { name: /^Find/ }).press('Escape');
  const before = await time();
  await page.keyboard.press('Control+ArrowLeft');
  await expect.poll(time).not.toBe(before);
  await expect(card(page, 'Page card')).toBeVisible();
  const onPage = await time();
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(time).not.toBe(onPage);
  await expect(card(page, 'Thread card')).toBeVisible();
  await page.keyboard.press('l');
  await expect(instant(page)).toContainText('End');
});

test('the event rate over the range of the lanes', async ({ page }) => {
  await page.getByRole('tab', { name: 'Event rate' }).click();
  const rate = card(page, 'Event rate');
  await expect(rate.getByText('gate crossings, rights')).toBeVisible();
  await expect(rate.locator('.recharts-area-area').first()).toBeAttached();
});
