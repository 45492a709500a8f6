/** Where real keys are: this machine, if its CPU has them, else the guest. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { boot } from './boot.ts';
import { buildInitramfs } from './initramfs.ts';
import { needKernel, needQemu } from './kernel.ts';

export type Machine = 'here' | 'guest';

/** By /proc/cpuinfo: `ospke` says that CPU and kernel have keys (`pku` alone: the kernel has them switched off). */
export const machineFor = (cpuinfo: string): Machine => (/^flags\s*:.*\bospke\b/m.test(cpuinfo) ? 'here' : 'guest');

export const machine = (): Machine => machineFor(readFileSync('/proc/cpuinfo', 'utf8'));

export interface Errand {
  readonly on: Machine;
  readonly script: string;
  /** A folder: emptied, then filled with the archives that the script wrote to $RESULTS. */
  readonly results: string;
  /** The archives on their way. */
  readonly archive: string;
  readonly limitSeconds: number;
}

/** Runs the script there to its end; throws when it failed. */
export async function runThere({ on, script, results, archive, limitSeconds }: Errand): Promise<void> {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  mkdirSync(dirname(archive), { recursive: true });
  rmSync(archive, { force: true });
  let failure: unknown;
  try {
    if (on === 'here') runHere(script, archive, limitSeconds);
    else await runInGuest(script, archive, limitSeconds);
  } catch (error) {
    failure = error;
  }
  // What came back before a failure still counts.
  const tar = spawnSync('tar', ['-xif', archive, '-C', results], { encoding: 'utf8' });
  if (failure !== undefined) throw failure;
  if (tar.status !== 0) throw new Error(`what the script sent cannot be unpacked: ${tar.stderr}`);
}

async function runInGuest(script: string, archive: string, limitSeconds: number): Promise<void> {
  const begin = performance.now();
  const onLine = (line: string): void => {
    const seconds = ((performance.now() - begin) / 1000).toFixed(1).padStart(7);
    console.log(`guest: ${seconds} s  ${line.trimEnd()}`);
  };
  needQemu();
  const kernel = needKernel();
  await boot({ kernel, initramfs: buildInitramfs(kernel), script, archive, limitSeconds, onLine });
}

function runHere(script: string, archive: string, limitSeconds: number): void {
  const { status, signal } = spawnSync('sh', [script], {
    env: { ...process.env, RESULTS: archive },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: limitSeconds * 1000,
    killSignal: 'SIGKILL',
  });
  if (status !== 0) throw new Error(`the script ended with ${status ?? signal}`);
}
