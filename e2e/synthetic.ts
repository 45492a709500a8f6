/** The window over the synthetic session, which is the same in every run: a page of its own, and every screen it has. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Browser, expect, type Page } from '@playwright/test';
import { drop, sizes } from './steps.ts';

const built = 'dist/renderer-testing';
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};
const origin = 'http://window.invalid';

export const themes = ['dark', 'light'] as const;

export function buildSynthetic(): void {
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '-c', 'renderer/testing/vite.config.ts'], {
    stdio: 'ignore',
  });
}

/** A page that answers the window's files and nothing else. */
export async function syntheticPage(browser: Browser, theme: (typeof themes)[number]): Promise<Page> {
  const page = await browser.newPage({ viewport: sizes[0], colorScheme: theme });
  // Each screen begins as for a person who has never been here.
  await page.addInitScript(() => localStorage.clear());
  await page.route(`${origin}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    const file = pathname === '/' ? '/index.html' : pathname;
    return route.fulfill({ body: readFileSync(join(built, file)), contentType: types[extname(file)] ?? 'text/plain' });
  });
  return page;
}

const card = (page: Page, name: string): Promise<void> =>
  page.getByRole('region', { name: `${name} card`, exact: true }).waitFor();
const press = async (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click();
const tab = (name: string) => (page: Page) => page.getByRole('tab', { name }).click();
const key = (name: string) => (page: Page) => page.keyboard.press(name);

const lose = (page: Page): Promise<void> =>
  page.evaluate(() => (window as unknown as { testing: { state(to: string): void } }).testing.state('lost'));

/** What is shown, and how a person gets there. */
export interface Screen {
  readonly name: string;
  /** Which session, and how much of it is there. */
  readonly story: string;
  readonly open: (page: Page) => Promise<unknown>;
  /** What is shown before there is anything to show. */
  readonly early?: true;
}

/** The launch screen. */
export const nothing = 'story=none';
const past = 'story=live&crossings=300';
/** The program is there, paused by hand. */
const paused = 'story=paused&crossings=300';
/** The program is there, stopped at the denied read. */
const live = 'story=stopped&crossings=300';

/** A past instant shows the fault that the run got over. */
const atFault =
  (open: (page: Page) => Promise<unknown>) =>
  async (page: Page): Promise<void> => {
    await page.keyboard.press('Shift+ArrowLeft');
    await card(page, 'Fault');
    await open(page);
  };

/** Every screen of the window: views, cards, menus, dialogs, the launch screen, and what is shown where nothing is yet. */
export const screens: readonly Screen[] = [
  { name: 'map', story: past, open: atFault(key('1')) },
  { name: 'tls', story: past, open: atFault(key('2')) },
  { name: 'segments', story: past, open: atFault(key('3')) },
  { name: 'keys', story: past, open: atFault(key('4')) },
  { name: 'rate', story: past, open: atFault(tab('Event rate')) },
  { name: 'findings-none', story: past, open: tab('Findings') },
  {
    name: 'findings',
    story: paused,
    open: async (page) => {
      await tab('Findings')(page);
      await press(page, 'Compare with the kernel');
      await page.getByText(/^Agrees with the kernel/).waitFor();
    },
  },
  {
    name: 'paused',
    story: paused,
    open: async (page) => {
      await page.getByRole('region', { name: 'Threads', exact: true }).getByRole('button', { name: /^T2/ }).click();
      await card(page, 'Thread');
    },
  },
  { name: 'output', story: past, open: tab('Output') },
  {
    name: 'cells',
    story: past,
    open: atFault(async (page) => {
      await page.getByLabel('Colour').selectOption('change');
      await press(page, 'Nearer');
    }),
  },
  {
    name: 'thread',
    story: past,
    open: async (page) => {
      await page.getByRole('region', { name: 'Threads', exact: true }).getByRole('button').first().click();
      await card(page, 'Thread');
    },
  },
  {
    name: 'key',
    story: past,
    open: async (page) => {
      await page.getByRole('region', { name: 'Keys', exact: true }).getByRole('button', { name: /cli/ }).click();
      await card(page, 'Key');
      await page.getByText('Over time').click();
    },
  },
  {
    name: 'memory',
    story: live,
    open: async (page) => {
      await page.getByRole('combobox', { name: /^Find/ }).fill('libdav1d');
      await page.getByRole('option').first().click();
      await card(page, 'Page');
      await press(page, 'Read its bytes');
      await page.getByRole('region', { name: 'Bytes of the page' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'search',
    story: past,
    open: async (page) => {
      await page.getByRole('combobox', { name: /^Find/ }).fill('dav1d_');
      await expect(page.getByRole('option', { name: /^dav1d_open/ })).toBeVisible();
    },
  },
  { name: 'stopped', story: live, open: (page) => card(page, 'Fault') },
  { name: 'question', story: live, open: (page) => press(page, 'Share this page…') },
  {
    name: 'rights',
    story: live,
    open: async (page) => {
      await page.getByRole('region', { name: 'Threads', exact: true }).getByRole('button').first().click();
      await press(page, /^Change rights/);
    },
  },
  {
    name: 'tag',
    story: live,
    open: async (page) => {
      await page.getByRole('combobox', { name: /^Find/ }).fill('libdav1d');
      await page.getByRole('option').first().click();
      await card(page, 'Page');
      await press(page, 'Give another key…');
    },
  },
  { name: 'debugger', story: live, open: (page) => press(page, /^gdb/) },
  { name: 'class', story: live, open: (page) => page.getByTitle(/class of faults/).click() },
  { name: 'policies', story: live, open: key('p') },
  { name: 'pause-on', story: live, open: (page) => press(page, /events that stop/) },
  { name: 'kill', story: live, open: key('Control+k') },
  {
    name: 'dropped',
    story: live,
    open: async (page) => {
      await drop(page, 'other.json', '{}');
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'launch-running', story: live, open: (page) => press(page, 'New session') },
  { name: 'palette', story: live, open: key('F1') },
  { name: 'sheet', story: live, open: key('?') },
  {
    name: 'starting',
    story: 'story=stopped&upTo=1',
    open: (page) => page.getByRole('heading', { name: /^Waiting for the first/ }).waitFor(),
    early: true,
  },
  {
    name: 'reading',
    story: 'story=live&crossings=3000&saved&rows=80&upTo=2400',
    open: (page) => page.getByText(/^[1-9].* of .* events$/).waitFor(),
    early: true,
  },
  {
    name: 'connecting',
    story: '',
    open: (page) =>
      page
        .getByText(/^Connecting/)
        .first()
        .waitFor(),
    early: true,
  },
  { name: 'unreachable', story: '', open: lose, early: true },
  { name: 'lost', story: past, open: lose },
  {
    name: 'saving',
    story: `${past}&slow=save`,
    open: async (page) => {
      await press(page, 'Save snapshot');
      await page.getByText('Saving the snapshot…').waitFor();
    },
  },
  {
    name: 'attaching',
    story: `${nothing}&slow=attach`,
    open: async (page) => {
      await page.getByLabel(/^Number or name/).fill('4121');
      await page.getByRole('button', { name: 'Attach', exact: true }).click();
      await page.getByText('Attaching to process').waitFor();
    },
  },
  {
    name: 'launching',
    story: `${nothing}&slow=launch`,
    open: async (page) => {
      await page.getByRole('textbox', { name: /^Program / }).fill('/usr/bin/python3');
      await page.getByRole('button', { name: 'Launch program' }).click();
      await page.getByText('Starting python3').waitFor();
    },
  },
  { name: 'launch', story: nothing, open: (page) => page.getByRole('button', { name: /^Run / }).first().waitFor() },
  {
    name: 'launch-more',
    story: nothing,
    open: async (page) => {
      await page.getByText(/the rest of a launch file/).click();
      await page.getByText(/the rest of a launch file/).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'launch-own',
    story: nothing,
    open: (page) => page.getByRole('combobox', { name: /^Policy/ }).selectOption('my own'),
  },
  {
    name: 'attach',
    story: nothing,
    open: async (page) => {
      await page.getByLabel(/^Number or name/).fill('dav1d');
      await page.getByRole('list', { name: 'Processes' }).getByRole('button').first().scrollIntoViewIfNeeded();
    },
  },
];

/** Opens a screen from the beginning, as if by a person who has just come. */
export async function openScreen(page: Page, { story, open, early }: Screen): Promise<void> {
  await page.goto(`${origin}/?${story}`);
  if (early) await page.getByRole('main').waitFor();
  else if (story.startsWith(nothing)) await page.getByRole('main', { name: 'Launch' }).waitFor();
  else await page.getByRole('region', { name: 'Page map' }).waitFor();
  await open(page);
}
