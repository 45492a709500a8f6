/** Words are explained where they stand, by mouse and by keyboard alone. */
import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { buildSynthetic, openScreen, screens, syntheticPage } from './synthetic.ts';

test.beforeAll(buildSynthetic);

/** Every word of the glossary, as it is written there. */
const glossary = [...readFileSync('docs/glossary.md', 'utf8').matchAll(/^\| \*\*(.+?)\*\* \|/gm)].flatMap(
  ([, words = '']) => words.split(', '),
);
/** Every field that a launch file may have. */
const fields = [
  ...(readFileSync('docs/launch-file.md', 'utf8').split(/^## /m)[0] ?? '').matchAll(/^\| `(\w+)` \|/gm),
].map(([, field = '']) => field);

const at = async (page: Page, name: string): Promise<void> => {
  const screen = screens.find((each) => each.name === name);
  if (!screen) throw new Error(`no screen ${name}`);
  await openScreen(page, screen);
};

for (const screen of screens.filter(({ early }) => !early)) {
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
    expect(words.length).toBeGreaterThan(3);
    expect(words.filter(({ says, inside }) => says < 20 || inside !== '')).toEqual([]);
    // What heads a column or names a value or a control, and is a word, can be looked up there; the classes of faults say it beside.
    const bare = await page.evaluate(
      (known) => {
        const isWord = (text: string): boolean => known.includes(text) || known.includes(text.replace(/s$/, ''));
        return [...document.querySelectorAll('th[scope="col"], dt, legend, .field-label, h2, h3')]
          .filter((head) => !head.closest('.sheet, .classes, .dialog > h2') && head.querySelector('.term') === null)
          .map((head) => (head.textContent ?? '').trim())
          .filter((text) => isWord(text.split(',')[0]?.toLowerCase() ?? ''));
      },
      glossary.map((word) => word.toLowerCase()),
    );
    expect(bare).toEqual([]);
    await page.close();
  });
}

test('every field of a launch file is explained at its place in the form, by the document’s own words', async ({
  browser,
}) => {
  const page = await syntheticPage(browser, 'dark');
  await at(page, 'launch-more');
  expect(fields.length).toBeGreaterThan(10);
  const form = page.getByRole('region', { name: 'Program', exact: true });
  for (const field of fields)
    await expect(form.getByRole('button', { name: `What ${field} of a launch file means` })).toHaveCount(1);
  await form.getByRole('button', { name: 'What gates of a launch file means' }).press('Enter');
  await expect(page.getByRole('note').filter({ visible: true })).toContainText('virtual (Keyhole makes them)');
  await page.keyboard.press('Escape');
  // The label itself is still the control's name, and a check is switched by its label.
  await expect(form.getByLabel('Gates', { exact: true })).toHaveRole('combobox');
  await form.getByText('the birth of a thread').click();
  await expect(form.getByRole('checkbox', { name: 'the birth of a thread' })).toBeChecked();
  await form.getByRole('combobox', { name: /^Policy/ }).selectOption('my own');
  await form.getByRole('button', { name: "What a policy of one's own means" }).click();
  await expect(page.getByRole('note').filter({ visible: true })).toContainText('below-tcb:N');
  await page.close();
});

for (const [name, word, meaning] of [
  ['rights', 'gate', 'a place where control enters another compartment'],
  ['tag', 'key', 'a number from 0 to 15'],
  ['kill', 'log', 'append-only'],
  ['pause-on', 'thread birth', 'before|tagged'],
  ['policies', 'preset', 'named policies'],
] as const)
  test(`a word in the dialog ${name} opens over it and closes alone`, async ({ browser }) => {
    const page = await syntheticPage(browser, 'light');
    await at(page, name);
    const dialog = page.getByRole('dialog').filter({ visible: true });
    await dialog
      .getByRole('button', { name: `What ${word} means` })
      .first()
      .press('Enter');
    const note = page.getByRole('note').filter({ visible: true });
    await expect(note).toContainText(new RegExp(meaning));
    await page.keyboard.press('Escape');
    await expect(note).toHaveCount(0);
    await expect(dialog).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await page.close();
  });

test('a word is reached by Tab, opens by Enter, closes by Escape, and leaves the window as it was', async ({
  browser,
}) => {
  const page = await syntheticPage(browser, 'light');
  await at(page, 'stopped');
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

test('a finding is called by its name in words, and its class is explained among all others', async ({ browser }) => {
  const page = await syntheticPage(browser, 'light');
  await at(page, 'findings');
  const list = page.getByRole('region', { name: 'Findings' });
  await expect(list).toContainText('late TLS');
  await expect(list).not.toContainText('late-tls');
  await list.getByRole('button', { name: 'late TLS' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Class: late TLS' });
  await expect(dialog).toContainText('at its first use, so that no policy sees it');
  await expect(dialog.getByRole('term')).toContainText(['differs from the kernelmodel-differs']);
  await page.keyboard.press('Escape');
  // The instant of a finding says it too.
  await list.getByRole('button', { name: /a new mapping took key 2/ }).click();
  const card = page.getByRole('region', { name: 'Event card', exact: true });
  await card.getByRole('button', { name: 'key lost' }).click();
  await expect(page.getByRole('dialog', { name: 'Class: key lost' })).toBeVisible();
  await page.close();
});
