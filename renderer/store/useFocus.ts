import type { World } from '../../core/model/world.ts';
import type { Selected } from './selection.ts';
import { type Focus, focusOf } from './selectors/focus.ts';
import { useWorld } from './shown.ts';
import { type State, useKeyhole } from './store.ts';

/** The last answer: everything on screen asks the same at the same time. */
let last: { log: State['log']; world: World; selected: Selected | null; focus: Focus } | null = null;

/** What the selection points at, at the instant shown. */
export function useFocus(): Focus {
  const world = useWorld();
  const log = useKeyhole((s) => s.log);
  const history = useKeyhole((s) => s.history);
  const selected = useKeyhole((s) => s.selected);
  if (last?.log === log && last.world === world && last.selected === selected) return last.focus;
  const focus = focusOf(log, history, world, selected);
  last = { log, world, selected, focus };
  return focus;
}
