import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { RecentLaunch } from '../../core/contract/commands.ts';
import { launchFileSchema } from '../../core/contract/launch.ts';

const MOST = 8;
const remembered = z.array(
  z.object({ title: z.string(), path: z.string().nullable(), launch: launchFileSchema.nullable() }),
);

/** Where a host without a folder of its own keeps what it remembers (XDG Base Directory Specification); null = nowhere. */
export function stateFile(env: Readonly<Record<string, string | undefined>>): string | null {
  const folder = env.XDG_STATE_HOME || (env.HOME ? join(env.HOME, '.local/state') : '');
  return folder === '' ? null : join(folder, 'keyhole/recent.json');
}

/** The last launches, newest first, in a file of the host's. One that cannot be read or written costs no launch. */
export class RecentLaunches {
  readonly #file: string | null;

  constructor(file: string | null) {
    this.#file = file;
  }

  list(): readonly RecentLaunch[] {
    if (this.#file === null) return [];
    try {
      return remembered.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return [];
    }
  }

  add(launch: RecentLaunch): void {
    if (this.#file === null) return;
    const same = JSON.stringify([launch.path, launch.launch]);
    const others = this.list().filter((other) => JSON.stringify([other.path, other.launch]) !== same);
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      // Whole or not at all; an environment may hold what is nobody else's business.
      writeFileSync(`${this.#file}.new`, JSON.stringify([launch, ...others].slice(0, MOST)), { mode: 0o600 });
      renameSync(`${this.#file}.new`, this.#file);
    } catch {
      // A folder that cannot be written: nothing is remembered.
    }
  }
}
