import { resolve } from 'node:path';
import { loadLaunch } from '../session/load-launch.ts';
import { programName } from '../session/processes.ts';
import { observeOnly, resolveAttach } from '../session/resolve-attach.ts';
import { Session } from '../session/session.ts';
import type { CliContext } from './context.ts';
import { refuseUnwritable } from './output-file.ts';
import type { FlagValue } from './usage.ts';
import { type WatchOptions, watch } from './watch.ts';

export const processNumber: FlagValue<number> = {
  allowed: 'the number of a process',
  parse: (text) => (/^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined),
};

/** Watches a process that runs already, until it ends or ^C lets go of it; then says what happened. */
export async function attach(context: CliContext, pid: number, options: WatchOptions): Promise<number> {
  const { cwd, paths } = context;
  const file = options.launch === undefined ? null : resolve(cwd, options.launch);
  const launch = file === null ? undefined : loadLaunch(file, options.launch);
  const native = context.native();
  const hasPku = native.hasPku();
  const wishes = { keys: options.keys ?? launch?.keys ?? 'auto', policy: options.policy, launch };
  const engine = resolveAttach(pid, wishes, { where: '--keys', helper: paths.helper, hasPku });
  const output = options.output === undefined ? null : resolve(cwd, options.output);
  if (output !== null) refuseUnwritable(output, '--output');
  const session = Session.attach(native, engine, { kind: 'live', title: programName(pid), launchPath: null });
  if (!hasPku) context.stderr.write(`keyhole: ${observeOnly}\n`);
  await watch(context, session, {
    output,
    json: options.json === true,
    onInterrupt: { do: 'detach', words: '^C lets go of the program' },
  });
  return 0;
}
