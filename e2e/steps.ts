/** What a person does and sees in the window, host-neutral: found by role and name only. */
import { expect, type Locator, type Page, type TestInfo } from '@playwright/test';

export const regionNames = ['Page map', 'Keys', 'Threads', 'Timelines'] as const;
export type RegionName = (typeof regionNames)[number];

export const region = (page: Page, name: RegionName | 'Fault card'): Locator =>
  page.getByRole('region', { name, exact: true });

const state = (page: Page): Locator => page.getByRole('banner').getByRole('status');

/** Starts one of dav1d's launch files from the launch screen. */
export const launchExample = async (page: Page, launch: string): Promise<void> => {
  const examples = page.getByRole('region', { name: 'Examples' });
  await examples.getByRole('button', { name: `Run dav1d, split: ${launch}`, exact: true }).click();
  await expect(page.getByRole('banner').getByText(/^dav1d /)).toBeVisible();
};

/** Starts a program typed by hand. */
export const launchProgram = async (page: Page, program: string, args: string): Promise<void> => {
  const form = page.getByRole('region', { name: 'Program', exact: true });
  await form.getByRole('textbox', { name: /^Program / }).fill(program);
  await form.getByLabel('Arguments').fill(args);
  await form.getByRole('button', { name: 'Launch program' }).click();
};

/** Drops a file on the window; `path` is where it lies, for a host that can tell. */
export const drop = (page: Page, name: string, text: string, path = ''): Promise<void> =>
  page.evaluate(
    (file) => {
      Object.assign(window, { droppedPath: file.path });
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([file.text], file.name));
      document.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    { name, text, path },
  );

/** Waits until the program is over and its state says how it ended. */
export const waitForEnd = async (page: Page, how: RegExp): Promise<void> => {
  await expect(state(page)).toContainText(how, { timeout: 180_000 });
};

/** Chooses a policy for a program that has ended and runs it again under that. */
export const runAgainUnder = async (page: Page, policy: string): Promise<void> => {
  await page.getByRole('button', { name: /^Policy/ }).click();
  await page.getByRole('radio', { name: new RegExp(`^${policy}\\b`) }).check({ force: true });
  await page.getByRole('button', { name: `Run again under ${policy}` }).click();
};

/** Every region of a session is there and holds something. */
export const expectRegions = async (page: Page): Promise<void> => {
  for (const name of regionNames) await expect(region(page, name)).toBeVisible();
  await expect(region(page, 'Page map')).toContainText('libdav1d');
  await expect(region(page, 'Keys')).toContainText(/\d/);
  await expect(region(page, 'Threads').getByText('dav1d').first()).toBeVisible();
};

/** What the fault card says about the first denied read of `tag-all`. */
export const expectCanaryCard = async (page: Page): Promise<void> => {
  const card = region(page, 'Fault card');
  await expect(card).toBeVisible();
  await expect(card).toContainText(/canary/i);
  await expect(card).toContainText(/libdav1d/);
  await expect(card).toContainText(/fs:\[?0x28/);
  await expect(card).toContainText(/split/);
};

export const sizes = [
  { width: 1440, height: 900 },
  { width: 1180, height: 720 },
] as const;

/** Keeps a picture of the whole window at each size; nothing may reach past the window's edge. */
export const keepPictures = async (page: Page, info: TestInfo, name: string): Promise<void> => {
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.screenshot({
      path: info.outputPath(`${name}-${size.width}x${size.height}.png`),
      animations: 'disabled',
    });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, `the window at ${size.width} px is scrolled sideways`).toBeLessThanOrEqual(size.width);
  }
  await page.setViewportSize(sizes[0]);
};
