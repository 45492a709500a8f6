/** What a person does to ask: the steps that several questions share. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { RecordedFault } from '../../core/contract/record.ts';
import type { Program } from './programs.ts';
import type { Recordings } from './recorded.ts';

export const part = (within: Page | Locator, name: string): Locator =>
  within.getByRole('region', { name, exact: true });

/** Opens a view of the middle, or what lies below. */
export const view = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('tab', { name, exact: typeof name === 'string' }).click();

/** Lines of the page map that are made. */
export const lines = (page: Page): Locator =>
  part(page, 'Page map')
    .getByRole('list', { name: /^Regions from line/ })
    .getByRole('button', { includeHidden: true });

/** The window of a program at the instant of its denied access, its card, and what the recording says of it. */
export async function atFault(
  recordings: Recordings,
  { denied }: Program,
): Promise<{ page: Page; card: Locator; fault: RecordedFault }> {
  const { page, summary } = await recordings.of(denied);
  const fault = summary.faults[0];
  if (!fault) throw new Error(`nothing was denied in ${denied.launch}`);
  await page.keyboard.press('Shift+ArrowLeft');
  const card = part(page, 'Fault card');
  await expect(card).toBeVisible();
  return { page, card, fault };
}

/** The last instant at which the second thread of a program is there, with the first one. */
export async function withTwoThreads(recordings: Recordings, { whole }: Program): Promise<Page> {
  const { page } = await recordings.of(whole);
  await part(page, 'Threads').getByRole('button', { name: /^T2 / }).click();
  await part(page, 'Thread card')
    .getByRole('button', { name: /^thread-exit at/ })
    .click();
  // The event of its own before that: in between another thread may have unmapped its stack.
  await page.keyboard.press('Alt+ArrowLeft');
  return page;
}

/** Filters the page map by a name, and waits until it shows nothing else. */
export async function only(page: Page, name: string): Promise<void> {
  await part(page, 'Page map').getByLabel('Show only memory whose owner').fill(name);
  await expect.poll(async () => (await lines(page).allTextContents()).every((text) => text.includes(name))).toBe(true);
  await expect(lines(page)).not.toHaveCount(0);
}

/** Chooses a thread in the TLS view, to show it or to compare with it: by its tab, or from the list where there are many. */
export async function chooseThread(
  page: Page,
  number: number,
  label: 'Thread' | 'Compare with thread' = 'Thread',
): Promise<void> {
  const toolbar = part(page, 'TLS');
  const tabs = toolbar.getByRole('tablist', { name: label, exact: true });
  const tab = tabs.getByRole('tab', { name: new RegExp(`^T${number} `) });
  if ((await tab.count()) > 0) return tab.click();
  const button = toolbar.getByTitle(new RegExp(`^${label}: one of`));
  await button.press('Enter');
  await expect(toolbar.locator('.chooser-list')).toBeInViewport({ ratio: 0.99 });
  // Of T1 and T10 the first is chosen already.
  await toolbar.getByRole('combobox', { name: label, exact: true }).pressSequentially(`t${number} `);
  await expect(toolbar.locator('.chooser-list').getByRole('option', { selected: true })).toContainText(`T${number} `);
  await page.keyboard.press('Enter');
  await expect(button).toContainText(`T${number} `);
  await expect(button).toBeFocused();
}

/** Shows what a search finds, in the page map. */
export async function find(page: Page, query: string, hit: RegExp | string = query): Promise<void> {
  const field = page.getByRole('combobox', { name: /^Find/ });
  await field.fill(query);
  await page.getByRole('option').filter({ hasText: hit }).first().click();
  await field.fill('');
  await field.press('Escape');
}

/** The start of the page that holds an address, as the window writes it. */
export const pageOf = (address: string): string => {
  const at = Number(address);
  return `0x${(at - (at % 4096)).toString(16)}`;
};

/** The last six digits, as the window shortens addresses. */
export const shortened = (address: string): string => address.slice(-6);
