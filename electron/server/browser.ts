import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Chromium's helpers outlive it by a moment and would write into the profile again. */
const HELPERS_END_MS = 300;

/** Chromium's absolute path, or null where there is none or no display to show it on. */
export function findBrowser(env: Readonly<Record<string, string | undefined>>): string | null {
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return null;
  const candidates = (env.PATH ?? '').split(':').flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find(executable) ?? null;
}

/** A Chromium window of its own, with a profile of its own that goes away with it. */
export class BrowserWindowProcess {
  /** Resolves when the process has ended: true when the person closed the window, false when it never opened. */
  readonly closed: Promise<boolean>;
  readonly #child: ChildProcess;

  constructor(browser: string, url: string) {
    const profile = mkdtempSync(join(tmpdir(), 'keyhole-'));
    const flags = ['--no-first-run', '--no-default-browser-check', '--disable-sync', '--window-size=1440,900'];
    // Chromium's own sandbox refuses to run as root.
    if (process.getuid?.() === 0) flags.push('--no-sandbox', '--test-type');
    this.#child = spawn(browser, [`--app=${url}`, `--user-data-dir=${profile}`, ...flags], { stdio: 'ignore' });
    this.closed = new Promise((resolve) => {
      const done = async (well: boolean): Promise<void> => {
        await setTimeout(HELPERS_END_MS);
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
        resolve(well);
      };
      this.#child.once('exit', (code) => void done(code === 0));
      this.#child.once('error', () => void done(false));
    });
  }

  dispose(): void {
    this.#child.kill();
  }
}

const executable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
