import { asEventIndex, PAGE } from '../../core/contract/ids.ts';
import { kindCode } from '../../core/model/codes.ts';
import { focusOf } from './selectors/focus.ts';
import { shownIndex } from './shown.ts';
import type { State, Store } from './store.ts';

/** Move the instant to row `index`; past the last row means live. An event that was selected follows. */
function moveTo(store: Store, index: number, alwaysSelect: boolean): void {
  const state = store.getState();
  if (index < 0 || state.length === 0) return;
  if (index >= state.length - 1 && state.source.kind === 'live' && !alwaysSelect) state.goLive();
  else state.goTo(asEventIndex(Math.min(index, state.length - 1)));
  if (alwaysSelect || state.selected === null || state.selected.kind === 'event') {
    state.select({ kind: 'event', index: asEventIndex(Math.min(index, state.length - 1)) });
  }
}

/** One event back or forth. */
export const stepEvent = (store: Store, by: 1 | -1): void => moveTo(store, shownIndex(store.getState()) + by, false);

/** The nearest fault before or after the instant, selected. Answers false where there is none. */
export function stepFault(store: Store, by: 1 | -1): boolean {
  const state = store.getState();
  const { kind } = state.log.columns;
  for (let row = shownIndex(state) + by; row >= 0 && row < state.length; row += by) {
    if (kind[row] === kindCode.fault) {
      moveTo(store, row, true);
      return true;
    }
  }
  return false;
}

/** The nearest row before or after the instant that `is` wanted; -1 where there is none. */
function nearest(state: State, by: 1 | -1, is: (row: number) => boolean): number {
  for (let row = shownIndex(state) + by; row >= 0 && row < state.length; row += by) if (is(row)) return row;
  return -1;
}

const touching: ReadonlySet<number> = new Set(
  (['map', 'unmap', 'protect', 'tag', 'fault'] as const).map((kind) => kindCode[kind]),
);

/** The nearest event about the page in focus. Answers false where there is none, or no page is in focus. */
export function stepPage(store: Store, by: 1 | -1): boolean {
  const state = store.getState();
  const { addr, pid } = focusOf(state.log, state.history, state.history.at(shownIndex(state)), state.selected);
  if (addr === null || pid === null) return false;
  const page = addr - (addr % PAGE);
  const c = state.log.columns;
  const row = nearest(state, by, (i) => {
    if (!touching.has(c.kind[i] ?? 0) || c.pid[i] !== pid) return false;
    const start = c.start[i] ?? 0;
    return start < page + PAGE && page < Math.max(start + 1, c.end[i] ?? 0);
  });
  if (row < 0) return false;
  // The page stays selected, so that the next step is about it too.
  state.select({ kind: 'page', pid, addr: page });
  state.goTo(asEventIndex(row));
  return true;
}

/** The nearest event of the thread in focus, or of the first one. Answers false where there is none. */
export function stepThread(store: Store, by: 1 | -1): boolean {
  const state = store.getState();
  const world = state.history.at(shownIndex(state));
  const tid = focusOf(state.log, state.history, world, state.selected).tid ?? [...world.threads.keys()][0];
  if (tid === undefined) return false;
  const { tid: tids } = state.log.columns;
  const row = nearest(state, by, (i) => tids[i] === tid);
  if (row < 0) return false;
  if (state.selected?.kind !== 'thread') state.select({ kind: 'thread', tid });
  state.goTo(asEventIndex(row));
  return true;
}

/** Show the instant of an event and select it. */
export const showEvent = (store: Store, index: number): void => moveTo(store, index, true);
