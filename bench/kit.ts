/** What every measurement needs: the engine, and where the programs and the peers are. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Native } from '../core/contract/engine.ts';
import { loadNative } from '../electron/session/native.ts';
import { type AppPaths, appPaths } from '../electron/session/paths.ts';

/** Which programs are compared with; null = not on this machine. */
export interface Versions {
  readonly strace: string | null;
  readonly gdb: string | null;
  readonly dav1d: string | null;
}

export interface Kit {
  readonly root: string;
  readonly programs: string;
  readonly paths: AppPaths;
  readonly native: Native;
  readonly versions: Versions;
  /** A folder for what the peers write, removed at the end. */
  readonly scratch: string;
}

export function makeKit(root: string, scratch: string): Kit {
  const paths = appPaths(root);
  const versions = {
    strace: firstLine('strace', ['--version']),
    gdb: firstLine('gdb', ['--version']),
    dav1d: firstLine('dav1d', ['--version']),
  };
  return { root, programs: join(root, 'build/bench'), paths, native: loadNative(paths), versions, scratch };
}

/** What the program says of its version, on whichever stream; null when it cannot be run. */
function firstLine(program: string, args: readonly string[]): string | null {
  const { status, stdout, stderr } = spawnSync(program, [...args], { encoding: 'utf8' });
  return status === 0 ? (`${stdout}${stderr}`.trim().split('\n')[0] ?? '') : null;
}
