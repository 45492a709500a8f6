/** The same steps as in the browser, through Electron's own main process and preload script (see harness/README.md). */
import { existsSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { ElectronHarness } from './harness/harness.ts';
import { ends } from './harness/window.ts';
import { mainJob } from './main-job.ts';
import { expectCanaryCard, sizes, waitForEnd } from './steps.ts';

let harness: ElectronHarness;
test.beforeEach(async ({ page }) => {
  harness = await ElectronHarness.start(page);
});
test.afterEach(() => harness.close());

test('the main job in Electron: tag-all dies at the canary, split ends well, the snapshot shows the same', async ({
  page,
  browser,
}, info) => {
  // Saving asks by a native dialog; thinking better of it writes nothing.
  const save = async (from: Page, file: string): Promise<void> => {
    harness.dialogs.savePaths.push(null, file);
    await from.getByRole('button', { name: 'Save snapshot' }).click();
    await expect.poll(() => harness.dialogs.asked.length).toBe(1);
    expect(existsSync(file)).toBe(false);
    harness.menu.choose('File', 'Save Session…');
    await expect.poll(() => existsSync(file)).toBe(true);
  };
  const other = await browser.newPage({ viewport: sizes[0] });
  const second = await ElectronHarness.start(other);
  const reopen = async (file: string): Promise<Page> => {
    second.dialogs.openPaths.push(file);
    second.menu.choose('File', 'Open Session…');
    return other;
  };
  await mainJob(page, { save, reopen }, info);
  expect(second.dialogs.errors).toEqual([]);
  second.close();
  await other.close();
});

test('a launch file named on the command line runs at once', async ({ browser }) => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const started = await ElectronHarness.start(page, ['examples/dav1d-split/tag-all-rseq-off.json']);
  await waitForEnd(page, /SIGSEGV/);
  await expectCanaryCard(page);
  started.close();
  await page.close();
});

test('the page is locked in: sandbox, own world, no Node, no way out, no permissions', async ({ page }) => {
  expect(harness.app.sandboxed).toBe(true);
  expect(harness.window.options.webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
  });
  const { webContents } = harness.window;
  expect(webContents.openHandler({ url: 'https://example.com' })).toEqual({ action: 'deny' });
  for (const url of ['https://example.com/', 'file:///etc/passwd', 'app://other/', 'app:', 'data:text/html,x']) {
    expect(webContents.mayNavigate(url), url).toBe(false);
  }
  expect(webContents.mayNavigate('app://keyhole/')).toBe(true);
  for (const permission of ['media', 'geolocation', 'clipboard-read', 'openExternal']) {
    expect(harness.permits(permission), permission).toBe(false);
  }
  expect(await page.evaluate(() => ['process', 'require', 'module'].filter((name) => name in window))).toEqual([]);
  expect(await page.evaluate(() => Object.keys(window.keyhole ?? {}).sort())).toEqual(['onMessage', 'pathOf', 'send']);
});

test('main hears its own page and no other frame', async ({ page }) => {
  const heard = await page.evaluate(
    ({ send, channel }) =>
      new Promise<number[]>((resolve) => {
        const ids: number[] = [];
        window.keyhole?.onMessage((message) => {
          if (message.type === 'reply') ids.push(message.id);
        });
        // Straight to main, past the preload script: what a page that broke out of its world could do.
        const ask = (from: Window | null, id: number): void => {
          Reflect.get(from ?? {}, send)(channel, [{ id, command: { do: 'examples' } }]);
        };
        const frame = document.createElement('iframe');
        document.body.append(frame);
        ask(frame.contentWindow, 1001);
        ask(window, 1002);
        setTimeout(() => resolve(ids.filter((id) => id > 1000)), 1000);
      }),
    { send: ends.send, channel: 'keyhole:request' },
  );
  expect(heard).toEqual([1002]);
});

test('an error of a menu item is shown in its own words', async () => {
  harness.dialogs.openPaths.push('/etc/passwd', '/nowhere/x.json');
  harness.menu.choose('File', 'Open Session…');
  await expect.poll(() => harness.dialogs.errors.length).toBe(1);
  harness.menu.choose('File', 'Run Launch File…');
  await expect
    .poll(() => harness.dialogs.errors)
    .toEqual([
      { title: 'Cannot open this session', text: '/etc/passwd: not a Keyhole snapshot (not a zip file)' },
      { title: 'Cannot run this launch file', text: '/nowhere/x.json: no such launch file' },
    ]);
});
