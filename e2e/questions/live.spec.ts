/** Questions and answers while the program is there: stopped at its denied access, each program with keys it has. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { ServedKeyhole } from '../server.ts';
import { part, view } from './asking.ts';
import { type Program, programs } from './programs.ts';

const folder = 'build/e2e-recordings';
let served: ServedKeyhole | null = null;
test.afterEach(async () => {
  await served?.stop();
  served = null;
});

/** Runs a program until it is denied, and leaves it stopped there. */
async function stopped(page: Page, { name, denied }: Program): Promise<void> {
  const from = join('examples', denied.launch);
  const launch = JSON.parse(readFileSync(from, 'utf8')) as { program: string; cwd: string };
  const base = resolve(dirname(from));
  const program = launch.program.includes('/') ? join(base, launch.program) : launch.program;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}-stopped.json`);
  writeFileSync(file, JSON.stringify({ ...launch, program, cwd: base, onFault: 'stop' }));
  served = await ServedKeyhole.start([process.execPath, 'dist/cli.mjs', 'serve', '--no-open', file]);
  await page.goto(served.url);
  await expect(state(page)).toContainText('Stopped');
  await expect(part(page, 'Fault card')).toBeVisible();
}

const state = (page: Page) => page.getByRole('banner').getByRole('status');
const card = (page: Page) => part(page, 'Fault card');
const thread = (page: Page, number: number) =>
  part(page, 'Threads').getByRole('button', { name: new RegExp(`^T${number} `) });

for (const program of programs)
  test.describe(program.name, () => {
    test('14: where each thread stands while the program is stopped', async ({ page }) => {
      await stopped(page, program);
      for (const [number, where] of program.stands) await expect(thread(page, number)).toContainText(where);
      const [[number, where]] = program.stands;
      await thread(page, number).click();
      const stand = part(part(page, 'Thread card'), 'Where it stands');
      await expect(stand).toContainText(new RegExp(where.source, 'i'));
      await expect(stand).toContainText(/No event of it since \d/);
      // What goes on is not known to stand anywhere.
      await page.getByRole('button', { name: 'Kill', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Kill the program' }).click();
      await expect(state(page)).toContainText('Killed');
      await expect(thread(page, number)).not.toContainText(where);
    });

    test('11: the kernel agrees, when asked now', async ({ page }) => {
      await stopped(page, program);
      await view(page, /^Findings/);
      const findings = part(page, 'Findings');
      await expect(findings).toContainText('Not compared with the kernel’s own list at every stop');
      await findings.getByRole('button', { name: 'Compare with the kernel' }).click();
      await expect(findings.getByRole('status')).toHaveText(
        /^Agrees with the kernel’s own list, compared at [\d.\s]+ s\.$/,
      );
    });

    test('the page is shared by hand, after a question, and taken back', async ({ page }) => {
      await stopped(page, program);
      await card(page).getByRole('button', { name: 'Share this page…' }).click();
      const question = page.getByRole('dialog', { name: /^Share page 0x/ });
      await expect(question).toContainText('every compartment may use all of its 4096 bytes');
      await question.getByRole('button', { name: 'Leave it' }).click();
      const key = part(page, 'Key of this page');
      await expect(key).not.toContainText('by hand');
      await card(page).getByRole('button', { name: 'Share this page…' }).click();
      await question.getByRole('button', { name: 'Share this page' }).click();
      await expect(key).toContainText('tagged by hand');
      // There is nothing to share any more: who works by the keyboard is left at what else can be done.
      await expect(card(page).getByRole('button', { name: 'Share this page…' })).toHaveCount(0);
      await expect(
        card(page)
          .getByRole('button', { name: /^(Apply .+|Give rights)…$/ })
          .first(),
      ).toBeFocused();
      await page.keyboard.press('Control+z');
      await expect(key).toContainText('tagged back by a revert');
    });

    test('the thread is given the right by hand, after a question, and loses it again', async ({ page }) => {
      await stopped(page, program);
      const open = /keys? 0, 1 and 2 open/;
      const rights = part(page, 'Threads').getByRole('button', { name: /denied (read|write)/ });
      await expect(rights).toHaveCount(1);
      const number = Number(/^T(\d+)/.exec((await rights.textContent()) ?? '')?.[1]);
      await card(page).getByRole('button', { name: 'Give rights…' }).click();
      const question = page.getByRole('dialog', { name: new RegExp(`^Give T${number} the right to key \\d`) });
      await expect(question).toContainText(open);
      await question.getByRole('button', { name: 'Give rights' }).click();
      await expect(thread(page, number)).toContainText(open);
      await page.keyboard.press('Control+z');
      await expect(thread(page, number)).not.toContainText(open);
    });

    test('the access is stepped over once: the program stays stopped, a mark is kept', async ({ page }) => {
      await stopped(page, program);
      await card(page).getByRole('button', { name: 'Step over…' }).click();
      const question = page.getByRole('dialog', { name: /^Step T\d+ over this access/ });
      await question.getByRole('button', { name: 'Step over' }).click();
      await expect(question).toHaveCount(0);
      await expect(state(page)).toContainText('Stopped');
      // There is nothing to step over any more, until the next denied access.
      await expect(card(page).getByRole('button', { name: 'Step over…' })).toHaveCount(0);
      const order = part(page, 'Timelines').getByRole('img', { name: /^Load order/ });
      await expect(order).toHaveAttribute('aria-label', /stepped over the denied access/);
    });

    test('stop here for gdb: a launched program says how gdb comes here', async ({ page }) => {
      await stopped(page, program);
      await card(page).getByRole('button', { name: 'gdb…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Stop here for gdb' });
      await expect(dialog).toContainText('a program launched by Keyhole cannot be let go of');
      await expect(dialog).toContainText(/gdb .*-ex start.*--args /);
      await expect(dialog.getByRole('button', { name: 'Leave it stopped' })).toHaveCount(0);
      await dialog.getByRole('button', { name: 'Close' }).click();
    });
  });

const fixable = programs.filter(({ fault }) => fault.fix.startsWith('split'));
for (const program of fixable)
  test(`${program.name}: the policy that the card names is applied, and the program ends well`, async ({ page }) => {
    await stopped(page, program);
    await card(page).getByRole('button', { name: 'Apply split…' }).click();
    const policy = page.getByRole('dialog', { name: 'Policy' });
    await expect(part(policy, 'Steps of split')).toContainText(/Applying split now makes \d+ tags? over/);
    await policy.getByRole('button', { name: /^Apply split/ }).click();
    await expect(page.getByRole('button', { name: /^Policy split/ })).toBeVisible();
    await page.keyboard.press('Control+z');
    await expect(page.getByRole('button', { name: /^Policy tag-all/ })).toBeVisible();
    await expect(card(page)).toContainText(/applied at [\d.\s]+ s, tag-all since [\d.\s]+ s/);
    await card(page).getByRole('button', { name: 'Apply split…' }).click();
    await policy.getByRole('button', { name: /^Apply split/ }).click();
    await expect(page.getByRole('button', { name: /^Policy split/ })).toBeVisible();
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(state(page)).toContainText('exit status 0');
    await expect(card(page)).toContainText(/applied at [\d.\s]+ s, no such fault since/);
  });
