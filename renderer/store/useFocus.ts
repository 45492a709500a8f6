import { useMemo } from 'react';
import { type Focus, focusOf } from './selectors/focus.ts';
import { useWorld } from './shown.ts';
import { useKeyhole } from './store.ts';

/** What the selection points at, at the instant shown. */
export function useFocus(): Focus {
  const world = useWorld();
  const log = useKeyhole((s) => s.log);
  const history = useKeyhole((s) => s.history);
  const selected = useKeyhole((s) => s.selected);
  return useMemo(() => focusOf(log, history, world, selected), [log, history, world, selected]);
}
