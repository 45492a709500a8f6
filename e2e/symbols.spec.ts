/** Functions and variables of whole modules: found by name while a program lives, and in a recording, at a past instant. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { complaintsOf } from './main-job.ts';
import { ServedKeyhole } from './server.ts';
import { launchExample, launchProgram, region } from './steps.ts';

const field = (page: Page): Locator => page.getByRole('combobox', { name: /^Find/ });
const options = (page: Page): Locator => page.getByRole('option');
const pageCard = (page: Page): Locator => page.getByRole('region', { name: 'Page card', exact: true });
const instant = (page: Page): Locator => page.getByRole('group', { name: 'Instant shown' });

/** Types a name and shows the hit that says it is that, by the keyboard alone; answers where it begins. */
async function goTo(page: Page, name: string, what: RegExp): Promise<number> {
  await field(page).fill(name);
  const hit = options(page).filter({ hasText: what });
  await expect(hit.first()).toBeVisible();
  const start = Number(/0x[0-9a-f]+/.exec((await hit.first().textContent()) ?? '')?.[0]);
  while ((await hit.first().getAttribute('aria-selected')) !== 'true') await field(page).press('ArrowDown');
  await field(page).press('Enter');
  await expect(pageCard(page)).toContainText(`0x${(start - (start % 4096)).toString(16)}`);
  return start;
}

test('in a live program: a function, a place behind it, what holds an address; nothing found is said in words', async ({
  page,
}) => {
  const complaints = complaintsOf(page);
  const served = await ServedKeyhole.start();
  try {
    await page.goto(served.url);
    await launchProgram(page, '/bin/sleep', '60');
    await expect(region(page, 'Page map')).toContainText('libc');
    const start = await goTo(page, 'malloc', /^mallocfunction of libc, 0x[0-9a-f]+ to 0x[0-9a-f]+$/);
    await expect(pageCard(page)).toContainText(/libc.*code/);
    await field(page).fill('malloc+0x10');
    await expect(options(page).filter({ hasText: 'malloc+0x10' }).first()).toBeVisible();
    await field(page).fill(`0x${(start + 0x10).toString(16)}`);
    await expect(options(page).filter({ hasText: 'malloc+0x10' }).first()).toBeVisible();
    await field(page).fill('no_such_function');
    await expect(page.getByRole('search')).toContainText(/No symbol of \d+ modules has that in its name/);
    expect(complaints).toEqual([]);
  } finally {
    await served.stop();
  }
});

test('names of C++ as their source writes them: found by either name, and told of where a thread stands', async ({
  page,
}, info) => {
  const [source, program] = [info.outputPath('store.cc'), info.outputPath('store')];
  writeFileSync(
    source,
    `#include <unistd.h>
    namespace store {
      template <typename T> struct Box { T kept; __attribute__((noinline)) int hold(T more) { kept += more; return pause() + kept; } };
      thread_local int in_hand = 1;
    }
    int main() { store::Box<int> box{1}; return box.hold(store::in_hand) + 1; }`,
  );
  execFileSync('g++', ['-O1', '-fno-omit-frame-pointer', '-Wl,--build-id', '-o', program, source]);
  const served = await ServedKeyhole.start();
  try {
    await page.goto(served.url);
    await launchProgram(page, program, '');
    await expect(region(page, 'Page map')).toContainText('libc');
    await goTo(page, 'store::box', /^store::Box<int>::hold\(int\)function of store, /);
    await goTo(page, '3BoxIi', /^store::Box<int>::hold\(int\)function of store, /);
    await field(page).fill('store::Box<int>::hold(int)+0x1');
    await expect(options(page).filter({ hasText: 'store::Box<int>::hold(int)+0x1' })).toBeVisible();
    await field(page).press('Escape');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await region(page, 'Threads')
      .getByRole('button', { name: /^T1 .*in pause/ })
      .click();
    await expect(page.getByRole('region', { name: 'Thread card', exact: true })).toContainText(
      /store::Box<int>::hold\(int\)\+0x/,
    );
    await page.keyboard.press('2');
    await expect(
      page.getByRole('region', { name: 'TLS', exact: true }).getByRole('row', { name: /store::in_hand/ }),
    ).toBeVisible();
  } finally {
    await served.stop();
  }
});

test('a program without a build id is known while it lives, since it has its file mapped', async ({ page }, info) => {
  const [source, program] = [info.outputPath('marked.c'), info.outputPath('marked')];
  writeFileSync(source, 'int a_variable_of_its_own = 1; int pause(void); int main(void) { return pause(); }');
  execFileSync('gcc', ['-Wl,--build-id=none', '-o', program, source]);
  const served = await ServedKeyhole.start();
  try {
    await page.goto(served.url);
    await launchProgram(page, program, '');
    await expect(region(page, 'Page map')).toContainText('libc');
    await goTo(page, 'own', /^a_variable_of_its_ownvariable of marked, /);
    await page.getByRole('group', { name: 'Instant shown' }).getByRole('button', { name: 'Previous event' }).click();
    await field(page).fill('own');
    await expect(page.getByRole('search')).toContainText(`${program} has no build id`);
  } finally {
    await served.stop();
  }
});

test('in a recording, at a past instant; a program whose file is gone is unknown, not without a match', async ({
  page,
}, info) => {
  const program = info.outputPath('sleeper');
  copyFileSync('/bin/true', program);
  const file = info.outputPath('symbols.keyhole');
  const record = ['dist/cli.mjs', 'record', '--policy', 'observe', '-o', file, '--', program];
  execFileSync(process.execPath, record, { stdio: 'ignore', timeout: 60_000 });
  rmSync(program);
  const served = await ServedKeyhole.start([process.execPath, 'dist/cli.mjs', 'serve', '--no-open', file]);
  try {
    await page.goto(served.url);
    await expect(page.getByRole('banner').getByRole('status')).toContainText(/Snapshot, Ended/);
    await instant(page).getByRole('button', { name: 'Previous event' }).click();
    await expect(instant(page)).toContainText('Viewing');
    await goTo(page, 'malloc', /^mallocfunction of libc/);
    await expect(instant(page)).toContainText('Viewing');
    await field(page).fill('main');
    await expect(page.getByRole('search')).toContainText(`${program} is not on this machine.`);
    await expect(page.getByRole('search')).not.toContainText('No symbol of 3 modules');
  } finally {
    await served.stop();
  }
});

test('a variable and a function of a stripped library, in the session that the map shows', async ({ page }) => {
  const served = await ServedKeyhole.start();
  try {
    await page.goto(served.url);
    await launchExample(page, 'tag-all');
    await expect(region(page, 'Fault card')).toBeVisible();
    await goTo(page, 'dav1d_open', /^dav1d_openfunction of libdav1d/);
    await expect(pageCard(page)).toContainText(/libdav1d.*code/);
    await goTo(page, 'environ', /^environ\S*variable of libc/);
    await expect(pageCard(page)).toContainText(/libc/);
  } finally {
    await served.stop();
  }
});
