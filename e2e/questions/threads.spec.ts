/** Questions about threads and their rights over time, asked of each program. Numbers are those of the list of questions. */
import { expect } from '@playwright/test';
import { atFault, chooseThread, find, part, view, withTwoThreads } from './asking.ts';
import { programs } from './programs.ts';
import { test } from './recorded.ts';

for (const program of programs)
  test.describe(program.name, () => {
    test('14: where does each thread stand', async ({ recordings }) => {
      const { page, fault } = await atFault(recordings, program);
      const threads = part(page, 'Threads').getByRole('button');
      await expect(threads.filter({ hasText: `${fault.thread}` })).toContainText(/denied (read|write)/);
      const callers = part(page, 'Callers');
      await expect(callers).toContainText(program.fault.callers);
      await expect(callers).toContainText('by call-frame information');
    });

    test('16: unknown is never zero', async ({ recordings }) => {
      // Seen from its outside, on a CPU without keys: nobody ever reads its rights.
      const { page, summary } = await recordings.attached(program.denied);
      test.skip(summary.attached?.control === 'full', 'this CPU has keys, so that rights are read at the attachment');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      const threads = part(page, 'Threads').getByRole('button');
      expect(summary.threads.length).toBeGreaterThan(0);
      await expect(threads).toHaveCount(summary.threads.length);
      for (const thread of await threads.all()) await expect(thread).toContainText(/rights unknown.*unknown/);
      await threads.first().click();
      await expect(part(page, 'Thread card')).toContainText('unknown');
      await page.keyboard.press('4');
      const rights = part(page, 'Rights of threads');
      await expect(rights).toContainText('?: unknown');
      await expect(rights.getByRole('row', { name: /^T1 / })).toContainText('unknown, never read');
      await expect(page.locator('body')).not.toContainText('0x00000000');
    });

    test('17: when were rights wide open', async ({ recordings }) => {
      const { page } = await recordings.of(program.whole);
      await expect(page.getByText('all keys open', { exact: true }).first()).toBeVisible();
      const lane = part(page, 'Timelines').getByRole('img', { name: /^Rights and tags of T1 / });
      await expect(lane).toHaveAttribute('aria-label', program.wideOpen);
    });

    test('20: in which order modules load, get tagged, initialise', async ({ recordings }) => {
      const { page } = await recordings.of(program.whole);
      const lane = part(page, 'Timelines').getByRole('img', { name: /^Load order: \d+ steps/ });
      const steps = (await lane.getAttribute('aria-label'))?.split(': ').at(-1)?.split(', ') ?? [];
      expect(steps.filter((step) => program.order.includes(step))).toEqual(program.order);
    });

    test('21: the steps of two threads side by side, none missing', async ({ recordings }) => {
      const page = await withTwoThreads(recordings, program);
      await view(page, 'TLS');
      await chooseThread(page, 1);
      const sides = part(page, 'Two threads side by side');
      await chooseThread(page, 2, 'Compare with thread');
      await expect(sides.getByRole('columnheader', { name: program.beside.second })).toBeVisible();
      await expect(sides.getByRole('row', { name: program.beside.place })).toContainText(program.beside.steps);
      await expect(sides).toContainText('no step that one thread has is missing in another');
    });

    test('22: what happens to rights at a signal, and at the end', async ({ recordings }) => {
      const { page } = await recordings.of(program.denied);
      const { thread, rights } = program.signals;
      await part(page, 'Threads')
        .getByRole('button', { name: new RegExp(`^T${thread} `) })
        .click();
      const signals = part(part(page, 'Thread card'), 'Signals').getByRole('button');
      await expect(signals).toHaveText(rights);
      const lane = part(page, 'Timelines').getByRole('img', { name: /^Signals: / });
      await expect(lane).toHaveAttribute('aria-label', new RegExp(`T${thread} SIGSEGV as .*, no handler`));
      // The card of the first one says it in words.
      await signals.first().click();
      const card = part(page, 'Event card');
      await expect(card).toContainText(/Rights beforekeys 0 and [12] open, 0xffffff/);
      if (rights.length > 1)
        await expect(card).toContainText(
          /Taken bya handler of the program.*Rights insidekey 0 open, 0x55555554.*Rights afterkeys 0 and 1 open, 0xfffffff0/,
        );
      else await expect(card).toContainText('Taken byno handler: its default action');
      await page.keyboard.press('l');
      await part(page, 'Threads')
        .getByRole('button', { name: new RegExp(`^T${thread} `) })
        .click();
      await part(page, 'Thread card')
        .getByRole('button', { name: /^(thread|process)-exit at/ })
        .click();
      await expect(card).toContainText(/Rights at its endkeys 0 and [12] open, 0xffffff/);
    });
  });

const ten = programs.find(({ name }) => name === 'ten-threads');
if (!ten) throw new Error('the program of ten threads is not listed');

test('the keys view: rights by thread and key, owners, and who may touch the page', async ({ recordings }) => {
  const { page } = await atFault(recordings, ten);
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
