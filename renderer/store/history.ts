import type { EventBatch } from '../../core/contract/events.ts';
import { EventLog } from '../../core/model/eventLog.ts';
import { History } from '../../core/model/history.ts';
import { LaneIndex } from '../../core/model/laneIndex.ts';
import type { Slice } from './store.ts';

/** The log and what the model remembers about it. All are mutable and grow; `length` tells React. */
export interface HistorySlice {
  readonly log: EventLog;
  readonly history: History;
  readonly lanes: LaneIndex;
  /** Rows the views may show; follows the log a few times a second, however many batches arrive. */
  readonly length: number;
  /** Rows of a saved log that are there, while more of them are on their way; null at any other time. */
  readonly reading: number | null;
  readonly append: (batch: EventBatch) => void;
  /** Show every row that is there. */
  readonly look: () => void;
  /**
   * A log begins, of that name. A new one: forget the old one and everything picked in it. The one that is here, once
   * more: what is here is shown until all of it has come again, and what is picked stays, since its rows are the same.
   */
  readonly begin: (name: string | undefined) => 'new' | 'again';
}

type Fresh = Pick<HistorySlice, 'log' | 'history' | 'lanes' | 'length' | 'reading'>;

const fresh = (): Fresh => {
  const log = new EventLog();
  return { log, history: new History(log), lanes: new LaneIndex(log), length: 0, reading: null };
};

/** Between two looks at a growing log at least so long passes, and three times what the last look cost. */
const LOOK_MS = 100;
/** However much a look costs, the next one comes after this. */
const LONGEST_MS = 400;
/** How often it is said how much of a saved log is there. */
const TOLD_MS = 200;

export const historySlice: Slice<HistorySlice> = (set, get) => {
  let called: string | undefined;
  /** The log that is here, as it comes once more. */
  let again: Fresh | null = null;
  let scheduled = false;
  let rested = 0;
  let told = 0;
  const look = (): void => {
    scheduled = false;
    const { log, length, reading } = get();
    if (log.length === length && reading === null) return;
    const began = performance.now();
    set({ length: log.length, reading: null });
    // React draws what changed in a microtask that it queued meanwhile; then input has its turn before the next look.
    queueMicrotask(() => {
      const now = performance.now();
      rested = now + Math.min(LONGEST_MS, Math.max(LOOK_MS, 3 * (now - began)));
    });
  };
  const lookSoon = (): void => {
    if (scheduled) return;
    scheduled = true;
    const wait = rested - performance.now();
    if (wait > 0) setTimeout(() => requestAnimationFrame(look), wait);
    else requestAnimationFrame(look);
  };
  /** A saved log is looked at once, when all of it is there: each look half way would delay the next. */
  const lookWhenAll = (rows: number): void => {
    const now = performance.now();
    if (get().log.length >= rows) look();
    else if (now - told >= TOLD_MS) {
      told = now;
      set({ reading: get().log.length });
    }
  };
  return {
    ...fresh(),
    append: (batch) => {
      const { log, history, lanes } = again ?? get();
      try {
        log.append(batch);
        // Read while the next batch is on its way: a look then finds everything replayed.
        history.follow();
        lanes.follow();
      } catch (error) {
        set({ failure: `The log cannot continue: ${error instanceof Error ? error.message : String(error)}` });
        lookSoon();
        return;
      }
      if (again) {
        if (log.length < get().log.length) return;
        set({ log, history, lanes });
        again = null;
      }
      const { source } = get();
      if (source.kind === 'snapshot') lookWhenAll(source.rows);
      else lookSoon();
    },
    look,
    begin: (name) => {
      if (name !== undefined && name === called) {
        again = fresh();
        return 'again';
      }
      called = name;
      again = null;
      set({ ...fresh(), selected: null, instant: null, range: null, since: null, keys: [] });
      return 'new';
    },
  };
};
