import type { EventBatch } from '../../core/contract/events.ts';
import { EventLog } from '../../core/model/eventLog.ts';
import { History } from '../../core/model/history.ts';
import type { Slice } from './store.ts';

/** The log and what the model remembers about it. Both are mutable and grow; `length` tells React. */
export interface HistorySlice {
  readonly log: EventLog;
  readonly history: History;
  /** Rows the views may show; follows the log once a frame, however many batches arrive. */
  readonly length: number;
  readonly append: (batch: EventBatch) => void;
  /** A new log begins: forget the old one and everything picked in it. */
  readonly reset: () => void;
}

const fresh = (): Pick<HistorySlice, 'log' | 'history' | 'length'> => {
  const log = new EventLog();
  return { log, history: new History(log), length: 0 };
};

export const historySlice: Slice<HistorySlice> = (set, get) => {
  let scheduled = false;
  const show = (): void => {
    scheduled = false;
    const { log, length } = get();
    if (log.length !== length) set({ length: log.length });
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
      requestAnimationFrame(show);
    },
    reset: () => set({ ...fresh(), selected: null, instant: null, range: null }),
  };
};
