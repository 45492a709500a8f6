import { basename, resolve } from 'node:path';
import { launchFile } from './commands.ts';
import type { Desk } from './desk.ts';
import { openSnapshot } from './snapshot.ts';

/**
 * Begins with the file a person named when starting Keyhole: a snapshot is opened, anything else is a launch file.
 * Answers what was wrong with it, or null.
 */
export function startWith(desk: Desk, file: string): string | null {
  return desk.start(() => {
    if (file.endsWith('.keyhole')) desk.show(openSnapshot(resolve(desk.kit.cwd, file)), basename(file));
    else launchFile(desk, file);
  });
}
