import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { ProcessInfo } from '../../core/contract/commands.ts';

/** The program that a process runs, in a word, as far as that can be told. */
export function programName(pid: number): string {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return `process ${pid}`;
  }
}

/** Processes of this user, newest first, less Keyhole itself and those without memory (zombies, the kernel's own). */
export function listProcesses(): ProcessInfo[] {
  const pids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  return pids.sort((a, b) => b - a).flatMap(describe);
}

/** Nothing for a process that has gone meanwhile or is not ours. */
function describe(pid: number): ProcessInfo[] {
  try {
    if (pid === process.pid || statSync(`/proc/${pid}`).uid !== process.getuid?.()) return [];
    const name = basename(readlinkSync(`/proc/${pid}/exe`));
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return [{ pid, name, line: words.join(' ').trim() }];
  } catch {
    return [];
  }
}
