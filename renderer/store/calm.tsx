import { type ReactNode, useMemo } from 'react';
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
  return useMemo(() => ({ world, latest }), [world, latest]);
}

/** A part of the window that follows a program in turns of its own, which give way to input. */
export function Calm({ ms, children }: { ms: number; children: ReactNode }): ReactNode {
  return <ShownWorlds value={useCalmWorlds(ms)}>{children}</ShownWorlds>;
}
