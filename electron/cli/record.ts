import { basename, resolve } from 'node:path';
import type { EngineLaunch } from '../../core/contract/launch.ts';
import { UserError } from '../session/errors.ts';
import { type CheckedLaunch, checkLaunch, loadLaunch } from '../session/load-launch.ts';
import { launchBase, refuseWrongKeys, resolveLaunch } from '../session/resolve.ts';
import { Session } from '../session/session.ts';
import type { CliContext } from './context.ts';
import { refuseUnwritable } from './output-file.ts';
import { type WatchOptions, watch } from './watch.ts';

export interface RecordOptions extends WatchOptions {
  readonly verify?: boolean;
}

/** Runs a program to its end and says what happened. 0 when the recording worked, whatever the program did. */
export async function record(context: CliContext, words: readonly string[], options: RecordOptions): Promise<number> {
  const launch = resolveRecording(context, words, options);
  const source = { kind: 'live', title: basename(launch.program), launchPath: options.launch ?? null } as const;
  const output = options.output === undefined ? null : resolve(context.cwd, options.output);
  if (output !== null) refuseUnwritable(output, '--output');
  const session = Session.launch(context.native(), launch, source);
  await watch(context, session, {
    output,
    json: options.json === true,
    onInterrupt: { do: 'kill', words: '^C ends the program' },
  });
  return 0;
}

/** What is to run: a launch file or the words after `--`, with the flags laid over it. */
function resolveRecording(context: CliContext, words: readonly string[], options: RecordOptions): EngineLaunch {
  const { cwd, env, paths } = context;
  const [program, ...args] = words;
  if (options.launch !== undefined && program !== undefined) {
    throw new UserError('--launch: must not be given together with -- PROGRAM (got both)');
  }
  if (options.launch === undefined && program === undefined) {
    throw new UserError('record: nothing to run; give --launch FILE or -- PROGRAM ARGS…');
  }
  const file = options.launch === undefined ? null : resolve(cwd, options.launch);
  const where = options.launch ?? 'record';
  const launch = file === null ? checkLaunch({ program, args }, where) : loadLaunch(file, where);
  const asked = {
    ...launch,
    ...(options.policy === undefined ? {} : { policy: options.policy }),
    ...(options.keys === undefined ? {} : { keys: options.keys }),
    ...withoutStop(context, launch.onFault),
  };
  const base = file === null ? cwd : launchBase(file);
  const hasPku = context.native().hasPku();
  if (options.keys !== undefined) refuseWrongKeys(options.keys, hasPku, '--keys');
  return resolveLaunch(asked, {
    where,
    base,
    fromFile: file !== null,
    cwd,
    env,
    helper: paths.helper,
    hasPku,
    input: 'inherit',
    verify: options.verify === true,
  });
}

/** Nobody is there to continue a program that stops at a fault. */
function withoutStop(context: CliContext, onFault: CheckedLaunch['onFault']): Partial<CheckedLaunch> {
  if (onFault !== 'stop') return {};
  context.stderr.write(
    'keyhole: onFault is stop, which needs the window; faults are delivered to the program instead\n',
  );
  return { onFault: 'deliver' };
}
