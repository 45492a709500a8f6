/** Questions about a denied access, asked of each program. Numbers are those of the list of questions. */
import { expect } from '@playwright/test';
import { atFault, pageOf, part, view } from './asking.ts';
import { programs } from './programs.ts';
import { test } from './recorded.ts';

for (const program of programs)
  test.describe(program.name, () => {
    const { fault: facts } = program;

    test('1: which page faulted, which key has it, who tagged it, what should have covered it', async ({
      recordings,
    }) => {
      const { card, fault } = await atFault(recordings, program);
      const summary = new RegExp(
        `${literal(facts.page)}.*${pageOf(fault.address)}.*${fault.owner?.name}, key ${fault.key}.*${literal(facts.tagged)}`,
        's',
      );
      await expect(card).toContainText(summary);
      await expect(card).toContainText(facts.fix);
      await expect(part(card, 'Key of this page')).toContainText(
        /mapped by.*tagged by rule.*Denied (read|write), T\d/s,
      );
    });

    test('2: is it %fs:0x28 because the TCB page is private, and what does that class mean', async ({ recordings }) => {
      const { page, card, fault } = await atFault(recordings, program);
      await card.getByRole('button', { name: fault.class, exact: true }).click();
      const dialog = page.getByRole('dialog', { name: `Class: ${fault.class}` });
      await expect(dialog).toContainText(facts.meaning);
      for (const other of ['stack-protector canary', 'pointer guard', 'DTV pointer', 'rseq area', 'robust list'])
        await expect(dialog).toContainText(other);
      await dialog.getByRole('button', { name: 'Close' }).click();
      await view(page, 'TLS');
      // The page of the canary is private, or it is not what was denied.
      const row = part(page, 'TLS').getByRole('row').filter({ hasText: 'stack-protector canary' });
      await expect(row.getByRole('cell', { name: facts.canary, exact: true })).toHaveCount(1);
      const canary = page
        .getByRole('list', { name: /^Fields/ })
        .getByRole('listitem')
        .filter({ hasText: 'canary' });
      await expect(canary).toContainText(fault.class === 'stack-protector canary' ? 'denied' : '8 bytes');
    });

    test('15: what the raw rights mean', async ({ recordings }) => {
      const { page, card, fault } = await atFault(recordings, program);
      const words = `keys 0 and ${fault.accessor?.key} open`;
      const thread = part(page, 'Threads').getByRole('button', { name: `${fault.thread} denied` });
      await expect(thread).toContainText(words);
      await expect(thread).toContainText(fault.rights ?? 'rights are known');
      const registers = card.getByText('Registers', { exact: true });
      await registers.click();
      await expect(card).toContainText(`${fault.rights}: ${words}`);
      await registers.click();
    });

    test('18: whose stack the thread is on', async ({ recordings }) => {
      const { card } = await atFault(recordings, program);
      await expect(part(card, 'Who touched whose memory')).toContainText(facts.stack);
    });

    test('19: accessor and owner, side by side, and the instruction', async ({ recordings }) => {
      const { card, fault } = await atFault(recordings, program);
      await expect(part(card, 'Who touched whose memory')).toContainText(facts.sides);
      await expect(part(card, 'Instruction')).toContainText(fault.instruction.address.replace('0x', ''));
      await expect(part(card, 'Instruction')).toContainText(
        program.name === 'ten-threads' ? /Source: .*main\.c:\d+/ : 'Source: no debug information',
      );
    });
  });

const literal = (text: string): string => text.replace(/[.()]/g, '\\$&');
