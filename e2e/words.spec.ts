/** Words are explained where they stand, by mouse and by keyboard alone. */
import { expect, test } from '@playwright/test';
import { buildSynthetic, nothing, openScreen, screens, syntheticPage } from './synthetic.ts';

test.beforeAll(buildSynthetic);

for (const screen of screens.filter(({ story, early }) => !story.startsWith(nothing) && !early)) {
  test(`words of ${screen.name}`, async ({ browser }) => {
    const page = await syntheticPage(browser, 'light');
    await openScreen(page, screen);
    // Every word on the screen says something, and no word hides in another control.
    const words = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLButtonElement>('button[popovertarget]')].map((word) => ({
        word: word.parentElement?.textContent ?? '',
        says: word.title.length,
        inside: word.parentElement?.closest('button, a, label, summary')?.textContent ?? '',
      })),
    );
    expect(words.length).toBeGreaterThan(8);
    expect(words.filter(({ says, inside }) => says < 20 || inside !== '')).toEqual([]);
    await page.close();
  });
}

test('a word is reached by Tab, opens by Enter, closes by Escape, and leaves the window as it was', async ({
  browser,
}) => {
  const page = await syntheticPage(browser, 'light');
  const stopped = screens.find(({ name }) => name === 'stopped');
  if (!stopped) throw new Error('no screen of a stop');
  await openScreen(page, stopped);
  const card = page.getByRole('region', { name: 'Fault card', exact: true });
  const word = card.getByRole('button', { name: 'What owner means' });
  await card.getByTitle(/class of faults/).focus();
  await page.keyboard.press('Tab');
  await expect(word).toBeFocused();
  await page.keyboard.press('Enter');
  const note = page.getByRole('note').filter({ visible: true });
  await expect(note).toHaveText('owner the compartment whose key a page carries');
  const box = await note.boundingBox();
  expect((box?.x ?? 2000) + (box?.width ?? 0)).toBeLessThanOrEqual(1440);
  await page.keyboard.press('Escape');
  await expect(note).toHaveCount(0);
  await expect(word).toBeFocused();
  await expect(card).toBeVisible();
  // A rule is a word too; its text is that of the document.
  await card.getByRole('button', { name: 'What R6 means' }).first().click();
  await expect(note).toContainText('the TCB page: only if lo <= tcb < hi');
  await page.close();
});
