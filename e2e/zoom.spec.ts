/** At 200 % zoom every control of every screen can be brought into sight and pressed, and Tab reaches each of them. */
import { expect, test } from '@playwright/test';
import { buildSynthetic, openScreen, screens, syntheticPage } from './synthetic.ts';

test.beforeAll(buildSynthetic);

/** The smallest window at 200 %: half of it in CSS pixels. */
const zoomed = { width: 590, height: 360 };

/** Controls that cannot be brought into sight, or lie under something else when they are. Runs in the page. */
function outOfReach(): string[] {
  const found: string[] = [];
  // What is open on top is what a person uses now.
  const top = document.querySelector('dialog[open], .popover-panel, .search-results') ?? document;
  for (const control of top.querySelectorAll<HTMLElement>('button, input, select, textarea, summary, [tabindex="0"]')) {
    // Inside closed details nothing is visible.
    const hidden = control.closest('.visually-hidden') !== null || !control.checkVisibility();
    if (hidden || control.matches(':disabled, .visually-hidden')) continue;
    control.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const box = control.getBoundingClientRect();
    const left = Math.max(0, box.left);
    const right = Math.min(window.innerWidth, box.right);
    const above = Math.max(0, box.top);
    const below = Math.min(window.innerHeight, box.bottom);
    const name = `${control.tagName.toLowerCase()} ${control.getAttribute('aria-label') ?? control.textContent?.slice(0, 40)}`;
    if (right - left < Math.min(8, box.width) || below - above < Math.min(8, box.height)) {
      found.push(`${name}: out of sight`);
      continue;
    }
    // A large control is pressed anywhere; its own parts and its label count as it.
    const points = [0.5, 0.15, 0.85].flatMap((x) => [0.5, 0.15, 0.85].map((y) => [x, y] as const));
    const pressed = points.some(([x, y]) => {
      const at = document.elementFromPoint(left + (right - left) * x, above + (below - above) * y);
      return at !== null && (control.contains(at) || at.contains(control) || at.closest('label')?.contains(control));
    });
    if (!pressed) found.push(`${name}: covered`);
  }
  return [...new Set(found)];
}

for (const screen of screens) {
  test(`${screen.name} at 200 %`, async ({ browser }, info) => {
    const page = await syntheticPage(browser, 'dark');
    await openScreen(page, screen);
    await page.setViewportSize(zoomed);
    await page.waitForTimeout(300); // the map is drawn anew
    await expect.poll(() => page.evaluate(outOfReach)).toEqual([]);
    await page.screenshot({ path: info.outputPath(`${screen.name}.png`) });
    await page.close();
  });
}

test('at 200 % Tab reaches every control, and each is seen when it has the focus', async ({ browser }) => {
  const page = await syntheticPage(browser, 'dark');
  const stopped = screens.find(({ name }) => name === 'stopped');
  if (!stopped) throw new Error('no screen of a stop');
  await openScreen(page, stopped);
  await page.setViewportSize(zoomed);
  const waiting = await page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLElement>('button, input, select, summary, [tabindex="0"]')].filter(
      // What closed details hold has a place, but is not there.
      (control) => control.tabIndex >= 0 && control.checkVisibility() && !control.matches(':disabled'),
    );
    for (const [i, control] of all.entries()) control.dataset.waiting = String(i);
    return all.length;
  });
  expect(waiting).toBeGreaterThan(50);
  const unseen: string[] = [];
  await page.evaluate(() => document.body.focus());
  for (let i = 0; i < waiting + 10; i++) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const control = document.activeElement;
      if (!(control instanceof HTMLElement) || control === document.body) return '';
      delete control.dataset.waiting;
      const box = control.getBoundingClientRect();
      const inSight = box.right > 0 && box.bottom > 0 && box.left < window.innerWidth && box.top < window.innerHeight;
      return inSight ? '' : (control.getAttribute('aria-label') ?? control.textContent ?? '');
    });
    if (seen !== '') unseen.push(seen);
  }
  expect(unseen).toEqual([]);
  const left = page.locator('[data-waiting]');
  expect(await left.evaluateAll((all) => all.map((control) => control.outerHTML.slice(0, 120)))).toEqual([]);
  await page.close();
});
