/** The window over a program that runs: panels follow it in their own time, and a chosen instant is shown by all at once. */
import { expect, test } from '@playwright/test';
import { buildSynthetic, syntheticPage } from './synthetic.ts';

test.beforeAll(buildSynthetic);

test('panels follow a program, an earlier instant is in all of them at once, and L goes back', async ({ browser }) => {
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
  // Asked in the page, in the turn of the key itself: nothing may come later.
  const shown = await page.evaluate(async () => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
    await Promise.resolve();
    await new Promise((resolve) => queueMicrotask(() => resolve(null)));
    const bar = document.querySelector('[aria-label="Instant shown"] [title]')?.getAttribute('title') ?? '';
    const facts = [...document.querySelectorAll('[aria-label="Session"] dd')].map((dd) => dd.textContent ?? '');
    return { bar: /^event ([\d,]+) of/.exec(bar)?.[1], panel: facts.find((fact) => / of /.test(fact)) };
  });
  expect(shown.bar).toBeTruthy();
  expect(shown.panel?.startsWith(`${shown.bar} of `)).toBe(true);
  const past = Number(shown.bar?.replaceAll(',', ''));
  await page.keyboard.press('l');
  await expect.poll(events).toBeGreaterThan(past + 500);
  await page.close();
});
