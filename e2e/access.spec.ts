/** For every eye and hand: axe on every screen in both themes, the keyboard alone, and 200 % zoom. */
import { writeFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { ServedKeyhole } from './server.ts';
import { keepPictures, launchExample, launchProgram, region, waitForEnd } from './steps.ts';

let served: ServedKeyhole;
test.beforeEach(async ({ page }) => {
  served = await ServedKeyhole.start();
  await page.goto(served.url);
});
test.afterEach(() => served.stop());

/** What axe finds serious or critical, a line each. */
async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)}`));
}

/** Both themes of the screen that is shown; one run tells everything that is wrong. */
const check = async (page: Page, screen: string): Promise<void> => {
  for (const theme of ['dark', 'light']) {
    await page.evaluate((name) => {
      document.documentElement.dataset.theme = name;
    }, theme);
    for (const fault of await faultsOf(page)) expect.soft(fault, `${screen}, ${theme}`).toBe('');
  }
};

const focus = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: it } = document;
    return it ? `${it.tagName} ${it.getAttribute('aria-label') ?? it.textContent?.slice(0, 40) ?? ''}` : '';
  });

test('axe finds nothing serious on any screen, dark or light', async ({ page }, info) => {
  await expect(page.getByRole('region', { name: 'Examples' }).getByRole('button').first()).toBeVisible();
  await check(page, 'launch');
  await keepPictures(page, info, 'launch');

  await launchExample(page, 'tag-all-rseq-off');
  await waitForEnd(page, /SIGSEGV/);
  for (const name of ['TLS', 'Segments', 'Keys', 'Page map']) {
    await page.getByRole('tablist', { name: 'Views' }).getByRole('tab', { name }).click();
    await check(page, name);
  }
  for (const name of ['Event rate', 'Findings', 'Output', 'Timelines']) {
    await page.getByRole('tablist', { name: 'Below' }).getByRole('tab', { name }).click();
    await check(page, name);
  }
  await region(page, 'Threads').getByRole('button').first().click();
  await check(page, 'thread card');
  await region(page, 'Keys')
    .getByRole('button', { name: /shared/ })
    .click();
  await check(page, 'key card');
  await page.getByRole('combobox', { name: /^Find/ }).fill('decoder');
  await check(page, 'search');
  await page.getByRole('option').first().click();
  await page.getByRole('combobox', { name: /^Find/ }).press('Escape');
  await check(page, 'page card');
  await page.getByRole('button', { name: /^Policy/ }).click();
  await check(page, 'policies');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await check(page, 'sheet');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await expect(page.getByRole('combobox', { name: 'All commands' })).toBeFocused();
  await check(page, 'palette');
  await page.keyboard.press('Escape');
});

test('by keyboard alone: every area, every control seen, canvases by arrows, Escape closes', async ({ page }) => {
  await launchExample(page, 'split');
  await waitForEnd(page, /exit status 0/);
  // Tab walks through every area and shows where it is.
  const seen = new Set<string>();
  const areas = new Set<string>();
  for (let i = 0; i < 160 && areas.size < 5; i++) {
    await page.keyboard.press('Tab');
    seen.add(await focus(page));
    const at = await page.evaluate(() => {
      const it = document.activeElement;
      const style = it ? getComputedStyle(it) : null;
      const area = ['top-bar', 'left-panel', 'middle-panel', 'card-panel', 'bottom-panel'].find((name) =>
        it?.closest(`.${name}`),
      );
      const shown = style !== null && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
      return { area: area ?? '', shown, what: it?.outerHTML.slice(0, 120) ?? '' };
    });
    if (at.area !== '') {
      areas.add(at.area);
      expect(at.shown, `the focus is not seen on ${at.what}`).toBe(true);
    }
  }
  expect([...areas].sort()).toEqual(['bottom-panel', 'card-panel', 'left-panel', 'middle-panel', 'top-bar']);
  expect(seen.size).toBeGreaterThan(20);

  // Canvases: the map by arrows, the lanes by keys.
  const pages = region(page, 'Page map').getByRole('group', { name: 'Pages' });
  await pages.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Page card', exact: true })).toBeVisible();
  const rate = region(page, 'Timelines').getByRole('img', { name: /^Event rate/ });
  const whole = await rate.getAttribute('aria-label');
  await region(page, 'Timelines').getByRole('button', { name: /^T1/ }).focus();
  await page.keyboard.press('+');
  await expect.poll(() => rate.getAttribute('aria-label')).not.toBe(whole);

  // What opens closes with Escape, and the focus goes back to where it was.
  const policy = page.getByRole('button', { name: /^Policy/ });
  await policy.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Policy' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(policy).toBeFocused();
  for (const key of ['?', 'F1']) {
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  // The palette runs what is typed, and says why not.
  await page.keyboard.press('Control+Shift+P');
  await page.getByRole('combobox', { name: 'All commands' }).fill('segments');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'Segments' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('F1');
  await page.getByRole('combobox', { name: 'All commands' }).fill('pause on');
  await expect(page.getByRole('option', { name: /Pause on events/ })).toContainText('the program has ended');
});

test('by hand: pause on a birth, read a page, give it a key, change rights, take both back', async ({ page }, info) => {
  // It makes its thread when it is told to: by a file.
  const go = info.outputPath('go');
  const waits = `[time.sleep(0.05) for _ in iter(lambda: os.path.exists('${go}'), True)]`;
  const line = `import os, time, threading; ${waits}; threading.Thread(target=time.sleep, args=(600,)).start()`;
  await launchProgram(page, 'python3', `-c "${line}"`);
  await page.getByRole('button', { name: /events that stop the program/ }).click();
  // Checked once the engine says so, not at the click.
  await page.getByRole('checkbox', { name: /birth/ }).click();
  await expect(page.getByRole('checkbox', { name: /birth/ })).toBeChecked();
  writeFileSync(go, '');
  await expect(page.getByRole('banner').getByRole('status')).toContainText('Paused on the birth of a thread');
  await page.keyboard.press('Escape');
  await region(page, 'Threads')
    .getByRole('button', { name: /^T2 python3/ })
    .click();
  const thread = page.getByRole('region', { name: 'Thread card', exact: true });
  await thread.getByRole('button', { name: 'Change rights…' }).click();
  await page.getByLabel('Key 3', { exact: true }).selectOption('open');
  await page.getByRole('button', { name: 'Change rights', exact: true }).click();
  await expect(thread).toContainText(/key.* 3 open/);
  await page.keyboard.press('Control+z');
  await expect(thread).not.toContainText(/key.* 3 open/);

  await thread.getByRole('button', { name: 'TCB page' }).click();
  const card = page.getByRole('region', { name: 'Page card', exact: true });
  await card.getByRole('button', { name: 'Read its bytes' }).click();
  await expect(card.getByRole('region', { name: 'Bytes of the page' })).toContainText(/[0-9a-f]{2} [0-9a-f]{2}/);
  await card.getByRole('button', { name: 'Give another key…' }).click();
  await page.getByRole('button', { name: 'Give key 1' }).click();
  await expect(card).toContainText(/manual|by hand/);
  await page.keyboard.press('Control+z');
  await expect(card.getByRole('region', { name: 'Key of this page' })).toContainText(/tagged back by a revert/);
});

test('at 200 % nothing is lost', async ({ page }, info) => {
  await launchExample(page, 'split');
  await waitForEnd(page, /exit status 0/);
  // A zoom of the browser halves the window in CSS pixels.
  await page.setViewportSize({ width: 720, height: 450 });
  for (const name of ['Views', 'Below']) {
    for (const tab of await page.getByRole('tablist', { name }).getByRole('tab').all()) {
      await tab.scrollIntoViewIfNeeded();
      await tab.click();
      await expect(tab).toBeInViewport();
    }
  }
  for (const name of [/^Policy/, 'Keyboard and glossary', 'Kill', 'New session']) {
    const button = page.getByRole('button', { name, exact: typeof name === 'string' }).first();
    await button.scrollIntoViewIfNeeded();
    await expect(button).toBeInViewport();
  }
  await page.screenshot({ path: info.outputPath('zoom-200.png') });
});
