import { asEventIndex } from '../../core/contract/ids.ts';
import { kindCode } from '../../core/model/codes.ts';
import { shownIndex } from './shown.ts';
import type { Store } from './store.ts';

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

/** Show the instant of an event and select it. */
export const showEvent = (store: Store, index: number): void => moveTo(store, index, true);
