/** Recordings that many questions are asked of: each run is made once, by the command line, and stays open in a window. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Browser, test as base, type Page } from '@playwright/test';
import { launchFileSchema } from '../../core/contract/launch.ts';
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
    return this.#shown(this.#open.get(launch) ?? (await this.#record(launch)));
  }

  async #shown(recorded: Open): Promise<Recorded> {
    const { page } = recorded;
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.keyboard.press('1');
    await page.keyboard.press('l');
    return recorded;
  }

  /** The same program as somebody else's: it has begun when Keyhole attaches, and is observed to its end. */
  async attached({ launch }: Run): Promise<Recorded> {
    const name = `${dirname(launch)}-attached`;
    return this.#shown(this.#open.get(name) ?? (await this.#attach(name, join('examples', launch))));
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
      { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8', timeout: 180_000 },
    );
    return this.#show(launch, file, json);
  }

  async #attach(name: string, from: string): Promise<Open> {
    const launch = launchFileSchema.parse(JSON.parse(readFileSync(from, 'utf8')));
    const path = launch.program.includes('/') ? resolve(dirname(from), launch.program) : launch.program;
    // It waits, stopped, for the attachment; what it runs then comes under Keyhole's eyes.
    const script = 'kill -STOP $$; exec "$0" "$@"';
    const options = { cwd: dirname(from), stdio: 'ignore' } as const;
    const child = spawn('/bin/sh', ['-c', script, path, ...(launch.args ?? [])], options);
    const file = join(folder, name);
    await until(() => statusOf(child.pid, 'State') === 'T');
    const words = ['dist/cli.mjs', 'attach', '--json', '-o', `${file}.keyhole`, String(child.pid)];
    const cli = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'] });
    let json = '';
    cli.stdout.on('data', (chunk: Buffer) => {
      json += chunk.toString();
    });
    const ended = once(cli, 'close');
    await until(() => statusOf(child.pid, 'TracerPid') !== '0');
    child.kill('SIGCONT');
    await ended;
    return this.#show(name, file, json);
  }

  async #show(name: string, file: string, json: string): Promise<Open> {
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
    this.#open.set(name, open);
    return open;
  }
}

/** A field of a process's status; empty when it has gone. */
function statusOf(pid: number | undefined, field: string): string {
  try {
    return new RegExp(`^${field}:\\s*(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

async function until(ready: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !ready(); await new Promise((wake) => setTimeout(wake, 10)))
    if (Date.now() > end) throw new Error('the program did not come to where it is attached to');
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
