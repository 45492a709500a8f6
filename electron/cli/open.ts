import { basename, resolve } from 'node:path';
import { Session } from '../session/session.ts';
import { openSnapshot } from '../session/snapshot.ts';
import type { CliContext } from './context.ts';
import { printSummary } from './print-summary.ts';

/** Prints what a snapshot holds, in the same form as the recording that made it. */
export function openFile(context: CliContext, file: string, options: { readonly json?: boolean }): void {
  const session = Session.open(openSnapshot(resolve(context.cwd, file)), basename(file));
  printSummary(context, session, options.json === true);
}
