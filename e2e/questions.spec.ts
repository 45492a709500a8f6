/**
 * The questions that people had to find out by hand, each answered in the window by role and text. Numbers are those of
 * the list of questions; every program is recorded once.
 */
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import { Recordings } from './recorded.ts';

let recordings: Recordings;
test.beforeAll(() => {
  recordings = new Recordings();
});
test.afterAll(() => recordings.close());

const part = (within: Page | Locator, name: string): Locator => within.getByRole('region', { name, exact: true });
const view = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name, exact: true }).click();
const lines = (page: Page): Locator =>
  part(page, 'Page map')
    .getByRole('list', { name: /^Regions from line/ })
    .getByRole('button', { includeHidden: true });

/** The fault card at the instant of the fault, and the page it is in. */
async function atFault(browser: Browser, name: 'dav1d' | 'slot' | 'ten'): Promise<{ page: Page; card: Locator }> {
  const page = await recordings.window(browser, name);
  await page.keyboard.press('Shift+ArrowLeft');
  const card = part(page, 'Fault card');
  await expect(card).toBeVisible();
  return { page, card };
}

/** Filters the page map by a name, and waits until it shows nothing else. */
async function only(page: Page, name: string): Promise<void> {
  await part(page, 'Page map').getByLabel('Show only memory whose owner').fill(name);
  await expect.poll(async () => (await lines(page).allTextContents()).every((text) => text.includes(name))).toBe(true);
  await expect(lines(page)).not.toHaveCount(0);
}

/** Shows what a search finds first, in the page map. */
async function find(page: Page, query: string, hit: RegExp | string = query): Promise<void> {
  const field = page.getByRole('combobox', { name: /^Find/ });
  await field.fill(query);
  await page.getByRole('option').filter({ hasText: hit }).first().click();
  await field.fill('');
  await field.press('Escape');
}

test('1: which page faulted, which key it has, who tagged it, what should have covered it', async ({ browser }) => {
  const { card } = await atFault(browser, 'dav1d');
  await expect(card).toContainText(/TCB page of T1.*key 1.*tagged by rule R4 \(tag-all\)/s);
  await expect(part(card, 'Key of this page')).toContainText(/mapped.*tagged by rule R4.*Denied read/s);
  await expect(card).toContainText('split shares this page by rule R6');
});

test('2: is it %fs:0x28 because the TCB page is private, and what does that class mean', async ({ browser }) => {
  const { page, card } = await atFault(browser, 'dav1d');
  await expect(card).toContainText('the stack-protector canary at %fs:0x28');
  await card.getByRole('button', { name: 'stack-protector canary' }).click();
  const dialog = page.getByRole('dialog', { name: 'Class: stack-protector canary' });
  await expect(dialog).toContainText('reads its secret at %fs:0x28 on entry');
  for (const other of ['pointer guard', 'DTV pointer', 'rseq area', 'robust list'])
    await expect(dialog).toContainText(other);
  await dialog.getByRole('button', { name: 'Close' }).click();
});

test('3: is %fs readable but the DTV behind it not', async ({ browser }) => {
  const { page } = await atFault(browser, 'dav1d');
  await view(page, 'TLS');
  const chain = part(page, 'The way to a thread-local');
  await expect(chain).toContainText('with the rights of T1 now');
  await expect(chain.getByRole('button', { name: /TCB, %fs:0x8.*✕ denied/ })).toBeVisible();
});

test('4: what lives below the thread pointer', async ({ browser }) => {
  const { page } = await atFault(browser, 'dav1d');
  await view(page, 'TLS');
  const fields = page.getByRole('list', { name: /^Fields/ });
  await expect(fields.getByRole('listitem').filter({ hasText: 'libc TLS' })).toContainText(/-0x[0-9a-f]+/);
  for (const [offset, name] of [
    ['+0x8', 'DTV'],
    ['+0x28', 'canary'],
    ['+0x30', 'pointer guard'],
  ] as const)
    await expect(fields.getByRole('listitem').filter({ hasText: offset }).filter({ hasText: name })).toHaveCount(1);
  const variables = part(page, 'Thread-local variables');
  await expect(variables.getByRole('row', { name: /^-0x[0-9a-f]+ errno libc/ })).toContainText(/4 bytes/);
  await expect(page.getByRole('img', { name: 'Offsets from the thread pointer' })).toContainText('page edge');
});

test('5: which TLS is unpadded or shares a page with a neighbour', async ({ browser }) => {
  const page = await recordings.window(browser, 'dav1d');
  await view(page, 'Segments');
  await expect(part(page, 'Segments')).toContainText(/TLS \d+ bytes, aligned to \d+/);
  await page.getByRole('tab', { name: /^Findings/ }).click();
  await expect(part(page, 'Findings')).toContainText(/holds TLS block of libc\.so\.6 and TCB/);
  await page.getByRole('tab', { name: 'Timelines' }).click();
});

test('6: what a wider carve-out newly shares, thread by thread', async ({ browser }) => {
  const { page } = await atFault(browser, 'slot');
  await view(page, 'TLS');
  const shared = part(page, 'Newly shared');
  await expect(shared).toContainText('Under split, shared beyond');
  await expect(shared.getByRole('row', { name: /^T1/ })).toContainText(
    /[12] pages?, [48] KiB.*by R5: .*stack-pointer slot/,
  );
});

test('7: is the heap mixed or wholly shared', async ({ browser }) => {
  const page = await recordings.window(browser, 'dav1d');
  await only(page, 'heap');
  await lines(page).first().dispatchEvent('click');
  await expect(part(page, 'Page card')).toContainText(/All \[heap\](all of it|mixed): .* shared/);
  await only(page, '');
});

test('10: did a mapping replace another, and was it asked for there', async ({ browser }) => {
  const { page } = await atFault(browser, 'ten');
  // The first page of the reservation was mapped over.
  await find(page, 'reserved');
  const history = part(page, 'Key of this page');
  await expect(history.getByRole('button')).toHaveCount(2);
  await history.getByRole('button').last().click();
  const card = part(page, 'Event card');
  await expect(card).toContainText(/Asked forexactly here/);
  await expect(card).toContainText(/Flags.*fixed/);
  await expect(card).toContainText(/Replacedanonymous 0x[0-9a-f]+, key 0/);
});

test('11: does the model agree with the kernel', async ({ browser }) => {
  const page = await recordings.window(browser, 'dav1d');
  await page.getByRole('tab', { name: /^Findings/ }).click();
  await expect(part(page, 'Findings')).not.toContainText('model-differs');
  await page.getByRole('tab', { name: 'Timelines' }).click();
});

test('12: who owns a thread stack, and was that observed', async ({ browser }) => {
  const { page } = await atFault(browser, 'ten');
  await find(page, 'stack', /T5|worker-5/);
  await expect(part(page, 'Page card')).toContainText(/stack of T5 worker-5/);
  await expect(part(page, 'Page card')).toContainText(/Mapped by(the program, observed|assumed)/);
});

test('13: who owns a reservation', async ({ browser }) => {
  const { page } = await atFault(browser, 'ten');
  await find(page, 'reserved');
  const around = part(page, 'Pages around it').getByRole('button', { name: /reserved, no access/ });
  await around.first().click();
  await expect(part(page, 'Page card')).toContainText(
    /reserved, no access.*Mapped bythe program, observed.*no access by protection/s,
  );
});

test('14: where does each thread stand', async ({ browser }) => {
  const { page } = await atFault(browser, 'ten');
  const threads = part(page, 'Threads');
  await expect(threads.getByRole('button', { name: /T5.*worker-5/ })).toContainText('denied read');
  await expect(threads.getByRole('button', { name: /T6.*worker-6/ })).toContainText(/running|held by Keyhole/);
  const callers = part(page, 'Callers');
  await expect(callers).toContainText(/work\+0x.*thread\+0x.*start_thread/s);
  await expect(callers).toContainText('by call-frame information');
});

test('15: what the raw rights mean', async ({ browser }) => {
  const { page } = await atFault(browser, 'ten');
  await expect(part(page, 'Threads').getByRole('button', { name: /T5/ })).toContainText(
    /keys 0 and 1 open.*0xfffffff0/s,
  );
  await part(page, 'Fault card').getByText('Registers', { exact: true }).click();
  await expect(part(page, 'Fault card')).toContainText('0xfffffff0: keys 0 and 1 open');
});

test('16: unknown is never zero', async ({ browser }) => {
  const page = await recordings.window(browser, 'ten');
  await page.keyboard.press('4');
  await expect(part(page, 'Rights of threads')).toContainText('?: unknown');
  await expect(part(page, 'Rights of threads').getByRole('row')).toHaveCount(11);
  await expect(part(page, 'Rights of threads')).not.toContainText('0x00000000');
});

test('17: when were rights wide open', async ({ browser }) => {
  const lane = (page: Page): Locator => part(page, 'Timelines').getByRole('img', { name: /^Rights and tags of T1 / });
  const gated = await recordings.window(browser, 'ten');
  await expect(gated.getByText('all keys open', { exact: true })).toBeVisible();
  await expect(lane(gated)).toHaveAttribute('aria-label', /never wide open$/);
  // This one sets its rights by itself, and opens every key for a moment.
  const own = await recordings.window(browser, 'two');
  await expect(lane(own)).toHaveAttribute('aria-label', /wide open from [\d.\s]+ to [\d.\s]+ seconds/);
});

test('18: whose stack the thread is on', async ({ browser }) => {
  const { card } = await atFault(browser, 'ten');
  await expect(part(card, 'Who touched whose memory')).toContainText(/on stack of T5 worker-5, key 0/);
});

test('19: accessor and owner, side by side', async ({ browser }) => {
  const { card } = await atFault(browser, 'ten');
  await expect(part(card, 'Who touched whose memory')).toContainText(/main.*code in ten-threads, T5.*store/s);
  await expect(part(card, 'Instruction')).toContainText(/Source: .*main\.c:\d+/);
});

test('20: in which order modules load, get tagged, initialise', async ({ browser }) => {
  const page = await recordings.window(browser, 'ten');
  await expect(part(page, 'Timelines').getByRole('img', { name: /^Load order: \d+ steps/ })).toBeVisible();
  await view(page, 'Segments');
  const names = await part(page, 'Segments').getByRole('rowheader').allTextContents();
  const at = (name: string): number => names.findIndex((text) => text.includes(name));
  expect(at('ten-threads')).toBe(0);
  for (const name of ['libstore.so', 'libcodec.so', 'libtrace.so']) expect(at(name)).toBeGreaterThan(0);
});

test('21: the steps of two threads side by side, none missing', async ({ browser }) => {
  const { page } = await atFault(browser, 'ten');
  await view(page, 'TLS');
  const sides = part(page, 'Two threads side by side');
  await sides.getByLabel('Compare with thread').selectOption({ label: 'T2 worker-2' });
  await expect(sides.getByRole('row', { name: /TLS block of libstore\.so/ })).toContainText(/by R4.*by R4/s);
  await expect(sides).toContainText('no step that one thread has is missing in another');
});

test('22: rights at a signal', async ({ browser }) => {
  const page = await recordings.window(browser, 'ten');
  await expect(part(page, 'Timelines').getByRole('img', { name: /^Signals: [12] signal/ })).toBeVisible();
});

test('the keys view: rights by thread and key, owners, and who may touch the page', async ({ browser }) => {
  const { page } = await atFault(browser, 'ten');
  await page.keyboard.press('4');
  const row = part(page, 'Rights of threads').getByRole('row', { name: /T5 worker-5/ });
  await expect(row.getByRole('cell', { name: 'open', exact: true })).toHaveCount(2);
  const touch = part(page, 'Who may touch this page now');
  await page.keyboard.press('1');
  await find(page, 'libstore', /libstore \.data/);
  await page.keyboard.press('4');
  await expect(
    touch
      .getByRole('row')
      .filter({ hasText: /\.(data|bss) of libstore/ })
      .first()
      .getByRole('cell', { name: 'denied' })
      .first(),
  ).toBeAttached();
  await expect(part(page, 'Memory by key').getByRole('row', { name: /4.*trace/ })).toContainText(
    /by (Keyhole|thread \d+)|no pkey_alloc/,
  );
});
