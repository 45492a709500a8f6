/** The same steps as in the browser, through Electron's own main process and preload script (see harness/README.md). */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { ElectronHarness } from './harness/harness.ts';
import { ends } from './harness/window.ts';
import { mainJob } from './main-job.ts';
import { drop, expectCanaryCard, launchExample, launchProgram, sizes, waitForEnd } from './steps.ts';

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
    harness.menu.choose('File', 'Save snapshot…');
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
  expect(await page.evaluate(() => Object.keys(window.keyhole ?? {}).sort())).toEqual([
    'menu',
    'onMessage',
    'pathOf',
    'send',
  ]);
});

test('main hears its own page and no other frame', async ({ page }) => {
  const heard = await page.evaluate(
    ({ send, channel }) =>
      new Promise<number[]>((resolve) => {
        const ids: number[] = [];
        window.keyhole?.onMessage((message) => {
          if (message.type !== 'reply' || message.id <= 1000) return;
          ids.push(message.id);
          // Whoever asked first would be answered first; a moment more costs little.
          setTimeout(() => resolve(ids), 300);
        });
        // Straight to main, past the preload script: what a page that broke out of its world could do.
        const ask = (from: Window | null, id: number): void => {
          Reflect.get(from ?? {}, send)(channel, [{ id, command: { do: 'examples' } }]);
        };
        const frame = document.createElement('iframe');
        document.body.append(frame);
        ask(frame.contentWindow, 1001);
        ask(window, 1002);
      }),
    { send: ends.send, channel: 'keyhole:request' },
  );
  expect(heard).toEqual([1002]);
});

test('an error of a menu item is shown in its own words', async () => {
  harness.dialogs.openPaths.push('/etc/passwd', '/nowhere/\u202ex.json');
  harness.menu.choose('File', 'Open Session…');
  await expect.poll(() => harness.dialogs.errors.length).toBe(1);
  harness.menu.choose('File', 'Run Launch File…');
  await expect
    .poll(() => harness.dialogs.errors)
    .toEqual([
      {
        title: 'Cannot open this session',
        text: expect.stringContaining('/etc/passwd: not a Keyhole snapshot (not a zip file)'),
      },
      { title: 'Cannot run this launch file', text: '/nowhere/\\u202ex.json: no such launch file' },
    ]);
});

test('a program that runs is not ended by the menu before the person agrees', async ({ page }) => {
  await launchProgram(page, '/bin/sleep', '600');
  const phase = page.getByRole('banner').getByText('Running', { exact: true });
  await expect(phase).toBeVisible();
  const launch = resolve('examples/two-compartments/split.json');
  harness.dialogs.openPaths.push(launch, launch);
  harness.dialogs.choices.push(0, 1);
  harness.menu.choose('File', 'Run Launch File…');
  await expect.poll(() => harness.dialogs.asked.length).toBe(2);
  expect(harness.dialogs.asked.at(-1)).toMatchObject({ options: { detail: expect.stringContaining('is ended') } });
  await expect(phase).toBeVisible();
  harness.menu.choose('File', 'Run Launch File…');
  await waitForEnd(page, /exit status|by SIG/);
  expect(harness.dialogs.errors).toEqual([]);
});

test('the menu is the window’s own table of commands: it runs them there, and says why not', async ({ page }) => {
  await expect.poll(() => harness.menu.labels('Go to')).toContain('Segments');
  // Each group of the palette is a menu, with the same words in the same order.
  await page.keyboard.press('F1');
  const palette = page.getByRole('dialog', { name: 'All commands' });
  for (const group of ['Go to', 'Time', 'Program']) {
    const listed = palette.getByRole('group', { name: group }).getByRole('option');
    await expect(listed.first()).toBeVisible();
    const names = await listed.locator(':scope > :first-child').allTextContents();
    expect(harness.menu.labels(group)).toEqual(names);
  }
  await page.keyboard.press('Escape');
  harness.menu.choose('Program', 'Pause');
  await expect(page.getByText('Pause: no program runs here')).toBeVisible();

  await launchExample(page, 'split');
  await waitForEnd(page, /exit status 0/);
  harness.menu.choose('Go to', 'Segments');
  await expect(page.getByRole('tab', { name: 'Segments' })).toHaveAttribute('aria-selected', 'true');
  harness.menu.choose('Time', 'Previous event');
  await expect(page.getByRole('group', { name: 'Instant shown' })).toContainText('Viewing');
  expect(harness.dialogs.errors).toEqual([]);
});

test('Electron remembers launches in its own folder, for this person alone', async ({ page }) => {
  const kept = harness.userFile('recent.json');
  const recent = page.getByRole('list', { name: 'Recent launches' });
  await expect(page.getByRole('region', { name: 'Examples' }).getByRole('button').first()).toBeVisible();
  await expect(recent).toHaveCount(0);
  await launchProgram(page, '/bin/echo', 'once');
  await waitForEnd(page, /exit status 0/);
  expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject([{ title: 'echo once', path: null }]);
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  harness.menu.choose('File', 'New session…');
  await recent.getByRole('button', { name: 'echo once' }).click();
  await waitForEnd(page, /exit status 0/);
  // The same launch is kept once.
  expect(JSON.parse(readFileSync(kept, 'utf8'))).toHaveLength(1);
});

test('a program that is dropped is launched by its path, which Electron knows', async ({ page }) => {
  await expect(page.getByRole('region', { name: 'Examples' }).getByRole('button').first()).toBeVisible();
  await drop(page, 'true', '\x7fELF', '/bin/true');
  await waitForEnd(page, /exit status 0/);
  await expect(page.getByRole('banner').getByText('true', { exact: true })).toBeVisible();
});
