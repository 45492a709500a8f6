import type { EventIndex, Key, Pid, Tid } from '../../core/contract/ids.ts';
import type { Slice } from './store.ts';

/** The one thing that is selected, in every view at once. A page is named by any address on it. */
export type Selected =
  | { readonly kind: 'page'; readonly pid: Pid; readonly addr: number }
  | { readonly kind: 'thread'; readonly tid: Tid }
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'event'; readonly index: EventIndex };

/** Program time in ns, half-open. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export interface SelectionSlice {
  readonly selected: Selected | null;
  /** The row after which the window shows the world; null follows the live edge. */
  readonly instant: EventIndex | null;
  /** What the lanes show; null = the whole run, following its end. */
  readonly range: TimeRange | null;
  readonly select: (selected: Selected | null) => void;
  /** Move the whole window to the instant after row `index`. */
  readonly goTo: (index: EventIndex) => void;
  readonly goLive: () => void;
  readonly setRange: (range: TimeRange | null) => void;
}

export const selectionSlice: Slice<SelectionSlice> = (set) => ({
  selected: null,
  instant: null,
  range: null,
  select: (selected) => set({ selected }),
  goTo: (instant) => set({ instant }),
  goLive: () => set({ instant: null }),
  setRange: (range) => set({ range }),
});
