/** The window over a program that runs: panels follow it in their own time, and an instant that is chosen answers at once. */
import { expect, test } from '@playwright/test';
import { buildSynthetic, syntheticPage } from './synthetic.ts';

test.beforeAll(buildSynthetic);

test('panels follow a program, an earlier instant answers at once and is in all of them soon, and L goes back', async ({
  browser,
}) => {
  const page = await syntheticPage(browser, 'dark');
  await page.goto('http://window.invalid/?story=live&crossings=60000&rows=60');
  const session = page.getByRole('region', { name: 'Session', exact: true });
  const events = async (): Promise<number> => {
    const text = await session
      .locator('div', { hasText: /^Events/ })
      .locator('dd')
      .textContent();
    return Number(/^[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', '') ?? 'NaN');
  };
  await session.waitFor();
  const first = await events();
  await expect.poll(events).toBeGreaterThan(first + 500);
  // Asked in the page: the answer comes in the turn of the key itself, the panels in frames of their own.
  const shown = await page.evaluate(async () => {
    const bar = () => document.querySelector('[aria-label="Instant shown"] [title]')?.getAttribute('title') ?? '';
    const panel = () => [...document.querySelectorAll('[aria-label="Session"] dd')].map((dd) => dd.textContent ?? '');
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
    await Promise.resolve();
    await new Promise((resolve) => queueMicrotask(() => resolve(null)));
    const instant = /^event ([\d,]+) of/.exec(bar())?.[1];
    let frames = 0;
    while (!panel().some((fact) => fact.startsWith(`${instant} of `)) && frames < 30) {
      frames++;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return { instant, frames };
  });
  expect(shown.instant).toBeTruthy();
  expect(shown.frames).toBeLessThan(30);
  const past = Number(shown.instant?.replaceAll(',', ''));
  await page.keyboard.press('l');
  await expect.poll(events).toBeGreaterThan(past + 500);
  await page.close();
});
