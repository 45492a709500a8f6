/** What the window waits for before anything that it could say about a session would be true. */
import type { State } from './store.ts';

/**
 * `session`: nothing was heard yet. `log`: the rows of a saved log are on their way. `program`: it is being started, or
 * attached to. Null: what is shown is what there is.
 */
export type Waiting = 'session' | 'log' | 'program';

export function waitingFor({ source, length, failure, history }: State): Waiting | null {
  if (source.kind === 'awaited') return 'session';
  if (failure !== null) return null;
  if (source.kind === 'snapshot') return length === 0 && source.rows > 0 ? 'log' : null;
  if (source.kind === 'none') return null;
  const { phase, threads } = history.at(length - 1);
  return phase.at === 'empty' || (phase.at === 'running' && threads.size === 0) ? 'program' : null;
}
