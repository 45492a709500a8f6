import { type ReactNode, useDeferredValue, useMemo } from 'react';
import { useThrottled } from '../widgets/useThrottled.ts';
import { ShownWorlds, type Worlds } from './shown.ts';
import { useKeyhole } from './store.ts';

/** The worlds of a part that follows a program that runs no more often than every `ms`; an instant that was chosen is there at once. */
export function useCalmWorlds(ms: number): Worlds {
  const history = useKeyhole((s) => s.history);
  const now = useKeyhole((s) => s.history.at(s.length - 1));
  const live = useKeyhole((s) => s.source.kind === 'live');
  const past = useKeyhole((s) => (s.instant === null ? null : s.history.at(s.instant)));
  const calm = useThrottled(
    useMemo(() => ({ history, latest: now }), [history, now]),
    ms,
  );
  // The first rows, and those of another log, are shown at once.
  const latest = live && calm.history === history && calm.latest.index >= 0 ? calm.latest : now;
  const world = past ?? latest;
  return useMemo(() => ({ history, world, latest }), [history, world, latest]);
}

/**
 * A part of the window that follows a program in turns of its own, which give way to input. While the program runs it
 * also follows a chosen instant so: instant and map answer in the first frame, the panels in the next ones.
 */
export function Calm({ ms, children }: { ms: number; children: ReactNode }): ReactNode {
  const live = useKeyhole((s) => s.source.kind === 'live');
  const worlds = useCalmWorlds(ms);
  const later = useDeferredValue(worlds);
  // Another log begins everywhere at once.
  const follows = live && later.history === worlds.history;
  return <ShownWorlds value={follows ? later : worlds}>{children}</ShownWorlds>;
}
