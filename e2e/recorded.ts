/** Recordings that many tests look at: each program is run once, by the command line, and opened as often as needed. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { ServedKeyhole } from './server.ts';
import { sizes } from './steps.ts';

const launches = {
  /** dav1d under tag-all: dies at the stack canary. */
  dav1d: 'examples/dav1d-split/tag-all-rseq-off.json',
  /** Gates of its own; tag-all makes the slot of their stacks private. */
  slot: 'examples/two-compartments/tag-all.json',
  /** The same under split: two threads, to its end. */
  two: 'examples/two-compartments/split.json',
  /** Ten threads, four compartments; thread 5 reads past a gate. */
  ten: 'examples/ten-threads/denied.json',
} as const;
export type RecordingName = keyof typeof launches;

const folder = 'build/e2e-recordings';

/** Windows over recordings, one for each, kept until all tests are over. */
export class Recordings {
  readonly #windows = new Map<RecordingName, { readonly page: Page; readonly served: ServedKeyhole }>();

  constructor() {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const example of ['two-compartments', 'ten-threads'])
      execFileSync('make', ['-s', '-C', `examples/${example}`]);
  }

  /** The window over a recording, live edge in sight, nothing selected, page map open. */
  async window(browser: Browser, name: RecordingName): Promise<Page> {
    const { page } = this.#windows.get(name) ?? (await this.#open(browser, name));
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.keyboard.press('1');
    await page.keyboard.press('l');
    return page;
  }

  async close(): Promise<void> {
    for (const { page, served } of this.#windows.values()) {
      await page.close();
      await served.stop();
    }
  }

  async #open(browser: Browser, name: RecordingName): Promise<{ page: Page; served: ServedKeyhole }> {
    const file = join(folder, `${name}.keyhole`);
    // The program may well die of what it does; the recording is what counts.
    execFileSync(process.execPath, ['dist/cli.mjs', 'record', '--launch', launches[name], '-o', file], {
      stdio: 'ignore',
      timeout: 60_000,
    });
    const served = await ServedKeyhole.start([process.execPath, 'dist/cli.mjs', 'serve', '--no-open', file]);
    const page = await browser.newPage({ viewport: sizes[0] });
    await page.goto(served.url);
    await page.getByRole('region', { name: 'Page map', exact: true }).waitFor();
    const window = { page, served };
    this.#windows.set(name, window);
    return window;
  }
}
