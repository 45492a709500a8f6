/** Every address, number, size and time on a screen can be copied, and its tooltip says what it is, with its unit. */
import { expect, test } from '@playwright/test';
import { buildSynthetic, openScreen, screens, syntheticPage } from './synthetic.ts';

test.beforeAll(buildSynthetic);

/** What needs no copy, and why. */
const spared: Readonly<Record<string, string>> = {
  '[role="img"]': 'a picture: what it shows stands in the cards, lists and tables too',
  'svg, canvas, .chart-tip': 'the same',
  '[aria-hidden="true"]': 'said elsewhere: the crosshair repeats the instant of the top bar',
  'select, option': 'a choice, not a fact',
  '.dialog h2': 'a question; what it is about stands on the card behind it',
  'dl[aria-label="Keyboard"]': 'keys to press',
  '[role="tab"]': 'how many things its view lists',
  '[role="listbox"]': 'found: choosing it shows its page, whose card has the address',
  '.map-tip': 'follows the pointer',
  '[aria-label="Legend"]': 'what a mark means',
  '.visually-hidden': 'the map in words, for those who hear it: each line selects its page',
};

/** Values on the page without copy or without a tooltip that says their unit. Runs in the page. */
function bareValues(sparedBy: string): string[] {
  const kinds: readonly (readonly [shown: RegExp, title: RegExp])[] = [
    [/\b0x[0-9a-f]{4,}\b|^[0-9a-f]{12}$|…[0-9a-f]{6}\b/, /0x[0-9a-f]+|address/],
    [/\b[\d.,]+ ([KMGTP]iB|B)\b/, /byte|MiB|KiB/],
    [/\d\.\d{3}\u00a0\d{3}/, / s\b|second/],
    [/[+-]0x[0-9a-f]+/, /byte|0x/],
    [/^\d[\d,]*$/, /[a-z]/i],
  ];
  const found: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    const own = [...element.childNodes].flatMap((node) => (node instanceof Text ? [node.data] : []));
    const text = own.join('').trim();
    const kind = kinds.find(([shown]) => shown.test(text));
    if (!kind || element.closest(sparedBy) || element.getClientRects().length === 0) continue;
    const value = element.closest<HTMLElement>('[data-copy]');
    // A text that is copied whole is called by what it is: the sentence, the command.
    const told = value && (kind[1].test(value.title) || value.title.startsWith('the '));
    const wrong = !value ? 'cannot be copied' : told ? '' : `is told as "${value.title}"`;
    if (wrong !== '') {
      const at = element.closest('section[aria-label], header, [role="dialog"]')?.getAttribute('aria-label') ?? '';
      found.push(`${text} (${element.tagName.toLowerCase()}.${element.className} of ${at}) ${wrong}`);
    }
  }
  return [...new Set(found)];
}

for (const screen of screens) {
  test(`values of ${screen.name}`, async ({ browser }) => {
    const page = await syntheticPage(browser, 'dark');
    await openScreen(page, screen);
    expect(await page.evaluate(bareValues, Object.keys(spared).join(','))).toEqual([]);
    await page.close();
  });
}

test('C copies what is under the pointer, and the first value of what has the focus; the window says so', async ({
  browser,
}) => {
  const page = await syntheticPage(browser, 'dark');
  await page.addInitScript(() => {
    const copied: string[] = [];
    Object.assign(window, { copied });
    Object.defineProperty(navigator, 'clipboard', {
      value: {
        writeText: (text: string) => {
          copied.push(text);
          return Promise.resolve();
        },
      },
    });
  });
  const thread = screens.find(({ name }) => name === 'thread');
  if (!thread) throw new Error('no screen of a thread');
  await openScreen(page, thread);
  const card = page.getByRole('region', { name: 'Thread card', exact: true });
  await card.getByTitle(/^PKRU/).hover();
  await page.keyboard.press('c');
  await expect(page.getByText('Copied 0xfffffff0')).toBeVisible();
  await page.mouse.move(0, 0);
  await page
    .getByRole('region', { name: 'Keys', exact: true })
    .getByRole('button', { name: /decoder/ })
    .focus();
  await page.keyboard.press('c');
  await card.getByTitle(/^address 0x7f2a1c6e1740/).click();
  expect(await page.evaluate(() => Reflect.get(window, 'copied'))).toEqual(['0xfffffff0', '2', '0x7f2a1c6e1740']);
  await page.close();
});
