/** Questions about memory, asked of each program. Numbers are those of the list of questions. */
import { expect } from '@playwright/test';
import { atFault, find, lines, only, part, view } from './asking.ts';
import { programs } from './programs.ts';
import { test } from './recorded.ts';

for (const program of programs)
  test.describe(program.name, () => {
    test('3: is %fs readable but the DTV behind it not', async ({ recordings }) => {
      const { page, fault } = await atFault(recordings, program);
      await view(page, 'TLS');
      const chain = part(page, 'The way to a thread-local');
      const thread = /T\d+/.exec(fault.explanation.replace('thread ', 'T'))?.[0];
      await expect(chain).toContainText(`with the rights of ${thread} now`);
      await expect(chain).toContainText(program.fault.way);
      await expect(chain.getByRole('button', { name: program.fault.chain })).toBeVisible();
      await expect(chain.getByRole('button', { name: /^DTV/ })).toBeVisible();
    });

    test('4: what lives below the thread pointer', async ({ recordings }) => {
      const { page } = await atFault(recordings, program);
      const { offset, variable, module, size } = program.below;
      // Asked for by its offset, from wherever one is.
      await page.getByRole('combobox', { name: /^Find/ }).fill(offset);
      await expect(page.getByRole('option').first()).toContainText(`T1 ${offset}: ${variable} of ${module}`);
      await page.getByRole('combobox', { name: /^Find/ }).fill('');
      await view(page, 'TLS');
      const variables = part(page, 'Thread-local variables');
      const row = variables.getByRole('row', { name: `${offset.replace('%fs:', '')} ${variable} ${module}` });
      await expect(row).toContainText(size);
      const fields = page.getByRole('list', { name: /^Fields/ });
      for (const [at, name] of [
        ['+0x8', 'DTV'],
        ['+0x28', 'canary'],
        ['+0x30', 'pointer guard'],
      ] as const)
        await expect(fields.getByRole('listitem').filter({ hasText: at }).filter({ hasText: name })).toHaveCount(1);
      await expect(page.getByRole('img', { name: 'Offsets from the thread pointer' })).toContainText('page edge');
      // Pages that are narrow say all of it when they are pointed at.
      await expect(page.getByTitle(/^page 0x[0-9a-f]+, .*TCB page of T\d/).first()).toBeVisible();
      await expect(page.getByTitle(/^page 0x[0-9a-f]+: (by R\d+|unchanged), /).first()).toBeVisible();
      // An offset that is cut would say another place.
      await page.setViewportSize({ width: 1180, height: 720 });
      const offsets = fields.getByText(/^[+-]0x/);
      await expect
        .poll(() => offsets.evaluateAll((all) => all.filter((it) => it.scrollWidth > it.clientWidth)))
        .toEqual([]);
    });

    test('5: which TLS is unpadded or shares a page with a neighbour', async ({ recordings }) => {
      const { page } = await atFault(recordings, program);
      await view(page, 'Segments');
      const modules = part(page, 'Segments').getByRole('rowheader');
      for (const module of program.tls) await expect(modules.filter({ hasText: module })).toHaveCount(1);
    });

    test('6: what a wider carve-out newly shares, thread by thread', async ({ recordings }) => {
      const { page } = await atFault(recordings, program);
      await view(page, 'TLS');
      const shared = part(page, 'Newly shared');
      await expect(shared).toContainText('Under split, shared beyond');
      await expect(shared.getByRole('row', { name: 'T1', exact: false }).first()).toContainText(program.newlyShared);
    });

    test('7: is the heap mixed or wholly shared', async ({ recordings }) => {
      const { page } = await atFault(recordings, program);
      await only(page, 'heap');
      await lines(page).first().dispatchEvent('click');
      await expect(part(page, 'Page card')).toContainText(/All \[heap\]all of it: .* shared/);
      await only(page, '');
    });

    test('10: did a mapping replace another, and was it asked for there', async ({ recordings }) => {
      const { page } = await atFault(recordings, program);
      const { find: query, hit, of } = program.replaced;
      await find(page, query, hit);
      await part(page, 'Key of this page')
        .getByRole('button', { name: /mapped by the program/ })
        .last()
        .click();
      const card = part(page, 'Event card');
      await expect(card).toContainText(/Asked forexactly here/);
      await expect(card).toContainText(/Flags.*fixed/);
      await expect(card).toContainText(new RegExp(`Replaced${of.source}`));
    });

    test('11: does the model agree with the kernel', async ({ recordings }) => {
      const { page } = await recordings.of(program.denied);
      await view(page, /^Findings/);
      await expect(part(page, 'Findings')).toContainText(
        'Compared with the kernel’s own list at every stop: no difference.',
      );
      await view(page, 'Timelines');
    });

    test('12: who owns a thread stack, and was that observed', async ({ recordings }) => {
      const { page } = await atFault(recordings, program);
      await find(page, program.stack.find, program.stack.hit);
      const card = part(page, 'Page card');
      await expect(card).toContainText(program.stack.owner);
      await expect(card).toContainText(new RegExp(`Mapped by(${program.stack.by.source})`));
    });
  });

const ten = programs.find(({ name }) => name === 'ten-threads');
if (!ten) throw new Error('the program of ten threads is not listed');

test('13: who owns a reservation', async ({ recordings }) => {
  const { page } = await atFault(recordings, ten);
  await find(page, 'reserved');
  const around = part(page, 'Pages around it').getByRole('button', { name: /reserved, no access/ });
  await around.first().click();
  await expect(part(page, 'Page card')).toContainText(
    /reserved, no access.*Mapped bythe program, observed.*no access by protection/s,
  );
});

test('the page of the fault comes into sight as soon as the map has it', async ({ recordings }) => {
  const { page } = await atFault(recordings, ten);
  const selected = page.getByRole('group', { name: 'The selected page and its neighbours' });
  await expect(selected).toBeInViewport({ ratio: 1 });
  const filter = page.getByLabel('Show only memory whose owner');
  await filter.fill('heap');
  await expect(selected).toHaveCount(0);
  await filter.fill('');
  await expect(selected).toBeInViewport({ ratio: 1 });
});
