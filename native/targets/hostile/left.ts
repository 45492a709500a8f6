/** Who is left of a run: processes of the program, the launch helper and the waker. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { appPaths } from '../../../electron/session/paths.ts';
import { root } from '../record.ts';

const { helper } = appPaths(root);

/** One line for each process that runs `program` or Keyhole's helper: its number, state and what it runs. */
export function leftBehind(program: string): string[] {
  const left: string[] = [];
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const path = readlinkSync(join('/proc', pid, 'exe'));
      if (path !== program && path !== helper) continue;
      const state = /^State:\s*(.*)$/m.exec(readFileSync(join('/proc', pid, 'status'), 'utf8'))?.[1] ?? '?';
      left.push(`${pid} ${state} ${path}`);
    } catch {
      // It ended while we looked, or has no program: a kernel thread or a zombie.
    }
  }
  return left;
}
