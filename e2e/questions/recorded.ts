/** Recordings that many questions are asked of: each run is made once, by the command line, and stays open in a window. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Browser, test as base, type Page } from '@playwright/test';
import type { RecordSummary } from '../../core/contract/record.ts';
import { ServedKeyhole } from '../server.ts';
import { sizes } from '../steps.ts';
import type { Run } from './programs.ts';

const folder = 'build/e2e-recordings';

/** A window over a recording, and what the command line says of the same run. */
export interface Recorded {
  readonly page: Page;
  readonly summary: RecordSummary;
}

interface Open extends Recorded {
  readonly served: ServedKeyhole;
}

class Recordings {
  readonly #browser: Browser;
  readonly #open = new Map<string, Open>();

  constructor(browser: Browser) {
    this.#browser = browser;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const example of ['two-compartments', 'ten-threads'])
      execFileSync('make', ['-s', '-C', `examples/${example}`]);
  }

  /** The window of a run: live edge in sight, nothing selected, page map open. */
  async of({ launch }: Run): Promise<Recorded> {
    const recorded = this.#open.get(launch) ?? (await this.#record(launch));
    const { page } = recorded;
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.keyboard.press('1');
    await page.keyboard.press('l');
    return recorded;
  }

  async close(): Promise<void> {
    for (const { page, served } of this.#open.values()) {
      await page.close();
      await served.stop();
    }
  }

  async #record(launch: string): Promise<Open> {
    const file = join(folder, `${dirname(launch)}-${basename(launch, '.json')}`);
    // The program may well die of what it does; the recording is what counts.
    const json = execFileSync(
      process.execPath,
      ['dist/cli.mjs', 'record', '--verify', '--json', '--launch', join('examples', launch), '-o', `${file}.keyhole`],
      { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8', timeout: 60_000 },
    );
    const served = await ServedKeyhole.start([
      process.execPath,
      'dist/cli.mjs',
      'serve',
      '--no-open',
      `${file}.keyhole`,
    ]);
    const page = await this.#browser.newPage({ viewport: sizes[0] });
    await page.goto(served.url);
    await page.getByRole('region', { name: 'Page map', exact: true }).waitFor();
    const open = { page, served, summary: JSON.parse(json) as RecordSummary };
    this.#open.set(launch, open);
    return open;
  }
}

/** A test with the recordings, which all tests of a run share. */
export const test = base.extend<object, { recordings: Recordings }>({
  // A trace of every step of sixty short scripts costs more than they do.
  trace: ['off', { scope: 'worker' }],
  recordings: [
    async ({ browser }, use) => {
      const recordings = new Recordings(browser);
      await use(recordings);
      await recordings.close();
    },
    { scope: 'worker' },
  ],
});
export type { Recordings };
