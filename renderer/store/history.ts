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

export const historySlice: Slice<HistorySlice> = (set, get) => {
  let scheduled = false;
  let rested = 0;
  const show = (): void => {
    scheduled = false;
    const { log, length } = get();
    if (log.length === length) return;
    const began = performance.now();
    set({ length: log.length });
    // React is done with what changed when the next task runs; input has its turn before the next look.
    setTimeout(() => {
      rested = performance.now() + Math.max(LOOK_MS, 3 * (performance.now() - began));
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
      if (scheduled) return;
      scheduled = true;
      const wait = rested - performance.now();
      if (wait > 0) setTimeout(() => requestAnimationFrame(show), wait);
      else requestAnimationFrame(show);
    },
    reset: () => set({ ...fresh(), selected: null, instant: null, range: null, since: null, keys: [], filter: '' }),
  };
};
