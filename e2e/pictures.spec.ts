/**
 * Every view at both sizes, light and dark, over the synthetic session, which is the same in every run. Whole pictures
 * are kept with the results; small ones are held to those of the repository, loosely, since fonts and canvases differ.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { sizes } from './steps.ts';

const built = 'dist/renderer-testing';
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};
const origin = 'http://window.invalid';
/** A quarter of each side: what moved or went missing is seen, how a letter is smoothed is not. */
const SMALL = 0.25;

const views = [
  ['map', '1'],
  ['tls', '2'],
  ['segments', '3'],
  ['keys', '4'],
] as const;

test.beforeAll(() => {
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '-c', 'renderer/testing/vite.config.ts'], {
    stdio: 'ignore',
  });
});

/** The window at the fault of the synthetic session. */
async function atFault(browser: Browser, theme: 'dark' | 'light', scale: number): Promise<Page> {
  const page = await browser.newPage({ viewport: sizes[0], colorScheme: theme, deviceScaleFactor: scale });
  await page.route(`${origin}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    const file = pathname === '/' ? '/index.html' : pathname;
    return route.fulfill({ body: readFileSync(join(built, file)), contentType: types[extname(file)] ?? 'text/plain' });
  });
  await page.goto(`${origin}/?story=live&crossings=300`);
  await page.getByRole('region', { name: 'Page map', exact: true }).waitFor();
  await page.keyboard.press('Shift+ArrowLeft');
  await page.getByRole('region', { name: 'Fault card', exact: true }).waitFor();
  return page;
}

for (const theme of ['dark', 'light'] as const) {
  test(`the ${theme} window, view by view`, async ({ browser }, info) => {
    const [large, small] = [await atFault(browser, theme, 1), await atFault(browser, theme, SMALL)];
    for (const size of sizes) {
      for (const page of [large, small]) await page.setViewportSize(size);
      for (const [view, key] of views) {
        for (const page of [large, small]) await page.keyboard.press(key);
        const name = `${view}-${theme}-${size.width}x${size.height}`;
        await large.waitForTimeout(300); // the map settles, a chart comes
        await large.screenshot({ path: info.outputPath(`${name}.png`), animations: 'disabled' });
        const wide = await large.evaluate(() => document.documentElement.scrollWidth);
        expect.soft(wide, `${name} is scrolled sideways`).toBeLessThanOrEqual(size.width);
        await expect.soft(small).toHaveScreenshot(`${name}.png`, {
          scale: 'device',
          threshold: 0.3,
          maxDiffPixelRatio: 0.03,
          animations: 'disabled',
        });
      }
    }
    await large.close();
    await small.close();
  });
}
