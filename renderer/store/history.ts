import type { EventBatch } from '../../core/contract/events.ts';
import { EventLog } from '../../core/model/eventLog.ts';
import { History } from '../../core/model/history.ts';
import type { Slice } from './store.ts';

/** The log and what the model remembers about it. Both are mutable and grow; `length` tells React. */
export interface HistorySlice {
  readonly log: EventLog;
  readonly history: History;
  /** Rows the views may show; follows the log a few times a second, however many batches arrive. */
  readonly length: number;
  readonly append: (batch: EventBatch) => void;
  /** A new log begins: forget the old one and everything picked in it. */
  readonly reset: () => void;
}

const fresh = (): Pick<HistorySlice, 'log' | 'history' | 'length'> => {
  const log = new EventLog();
  return { log, history: new History(log), length: 0 };
};

/** Between two looks at a growing log at least so long passes, and three times what the last look cost. */
const LOOK_MS = 50;
/** However much a look costs, the next one comes after this. */
const LONGEST_MS = 400;
/** How long a saved log may come in before it is looked at half way. */
const PATIENCE_MS = 1000;

export const historySlice: Slice<HistorySlice> = (set, get) => {
  let scheduled = false;
  let rested = 0;
  // A saved log comes in one go: it is looked at when it is there, or when it takes its time.
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let first = 0;
  const show = (): void => {
    scheduled = false;
    const { log, length } = get();
    if (log.length === length) return;
    const began = performance.now();
    set({ length: log.length });
    // React draws what changed in a microtask that it queued meanwhile; then input has its turn before the next look.
    queueMicrotask(() => {
      const now = performance.now();
      rested = now + Math.min(LONGEST_MS, Math.max(LOOK_MS, 3 * (now - began)));
    });
  };
  return {
    ...fresh(),
    append: (batch) => {
      try {
        get().log.append(batch);
      } catch (error) {
        set({ failure: `The log cannot continue: ${error instanceof Error ? error.message : String(error)}` });
      }
      const now = performance.now();
      if (get().source.kind === 'snapshot') {
        clearTimeout(quiet);
        if (!scheduled) first = now;
        quiet = setTimeout(show, now - first < PATIENCE_MS ? LOOK_MS : 0);
      } else if (!scheduled && now < rested) setTimeout(() => requestAnimationFrame(show), rested - now);
      else if (!scheduled) requestAnimationFrame(show);
      scheduled = true;
    },
    reset: () => set({ ...fresh(), selected: null, instant: null, range: null, since: null, keys: [], filter: '' }),
  };
};
