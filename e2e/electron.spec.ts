import { expect, test } from '@playwright/test';
import { ElectronHarness } from './harness/harness.ts';
import { mainJob } from './main-job.ts';
import { sizes } from './steps.ts';

let started: ElectronHarness[] = [];
const start = async (...args: Parameters<typeof ElectronHarness.start>): Promise<ElectronHarness> => {
  const harness = await ElectronHarness.start(...args);
  started.push(harness);
  return harness;
};
test.afterEach(() => {
  for (const harness of started) harness.close();
  started = [];
});

test('the main job through the real main process and preload script', async ({ page, browser }, info) => {
  const harness = await start(page);
  const save = async (from: typeof page, file: string): Promise<void> => {
    harness.dialogs.savePaths.push(file);
    await from.getByRole('button', { name: 'Save snapshot' }).click();
    await expect(from.getByText(`Saved as ${file}`)).toBeVisible();
  };
  // A second application, started with the file as a person would by `bin/start FILE`.
  const reopen = async (file: string): Promise<typeof page> => {
    const other = await browser.newPage({ viewport: sizes[0] });
    await start(other, [file]);
    return other;
  };
  await mainJob(page, { save, reopen }, info);
});

test('the window has no Node, its own world and the sandbox; it goes nowhere and asks for nothing', async ({
  page,
}) => {
  const harness = await start(page);
  const { window } = harness;
  expect(window.options.webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
  });
  expect(window.webContents.mayNavigate('https://example.org/')).toBe(false);
  expect(window.webContents.openHandler({ url: 'https://example.org/' })).toEqual({ action: 'deny' });
  expect(harness.permits('geolocation')).toBe(false);
  expect(await page.evaluate(() => typeof Reflect.get(globalThis, 'require'))).toBe('undefined');
});
