import type { EngineLaunch } from '../../core/contract/launch.ts';
import { UserError } from '../session/errors.ts';
import type { CheckedLaunch } from '../session/load-launch.ts';
import type { Session } from '../session/session.ts';
import { saveSnapshot } from '../session/snapshot.ts';
import type { CliContext } from './context.ts';
import { printSummary } from './print-summary.ts';
import { Progress } from './progress.ts';

/** The flags that record and attach have in common. */
export interface WatchOptions {
  readonly launch?: string;
  readonly policy?: CheckedLaunch['policy'];
  readonly keys?: EngineLaunch['keys'];
  readonly output?: string;
  readonly json?: boolean;
}

export interface Watching {
  /** Absolute path of the snapshot to write, or null. */
  readonly output: string | null;
  readonly json: boolean;
  /** What the first ^C asks of the engine; the second gives up on the engine too. */
  readonly onInterrupt: { readonly do: 'kill' | 'detach'; readonly words: string };
}

/** Follows a session to its end, saves and prints what was recorded. */
export async function watch(context: CliContext, session: Session, watching: Watching): Promise<void> {
  const progress = new Progress(context.stderr, session, watching.onInterrupt.words);
  session.subscribe({ output: (_stream, chunk) => progress.print(chunk) });
  let asked = false;
  const release = context.onInterrupt(() => {
    if (asked) return session.dispose();
    asked = true;
    session.command({ do: watching.onInterrupt.do }).catch(() => {}); // it may have ended by itself
  });
  await session.ended;
  release();
  progress.dispose();
  if (watching.output !== null) await saveSnapshot(session, watching.output, context.paths.version);
  if (session.failure !== null) throw new UserError(`recording failed: ${session.failure}`, 1);
  printSummary(context, session, watching.json);
}
