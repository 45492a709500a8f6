import { type ReactNode, useMemo } from 'react';
import { useThrottled } from '../widgets/useThrottled.ts';
import { ShownWorlds, shownIndex } from './shown.ts';
import { useKeyhole } from './store.ts';

/**
 * A part of the window that follows a program that runs no more often than every `ms`, in a turn of its own that gives
 * way to input. An instant that was chosen is shown at once, by this part as by any other.
 */
export function Calm({ ms, children }: { ms: number; children: ReactNode }): ReactNode {
  const history = useKeyhole((s) => s.history);
  const now = useKeyhole((s) => s.history.at(s.length - 1));
  const live = useKeyhole((s) => s.source.kind === 'live');
  const past = useKeyhole((s) => (s.instant === null ? null : s.history.at(shownIndex(s))));
  const calm = useThrottled(
    useMemo(() => ({ history, latest: now }), [history, now]),
    ms,
  );
  // The first rows, and those of another log, are shown at once.
  const latest = live && calm.history === history && calm.latest.index >= 0 ? calm.latest : now;
  const world = past ?? latest;
  const shown = useMemo(() => ({ world, latest }), [world, latest]);
  return <ShownWorlds value={shown}>{children}</ShownWorlds>;
}
