/** Rights at a signal: those it came upon, those of its handler, and those that the handler's return put back. */
import { causes, flagBits } from '../contract/events.ts';
import { asEventIndex, asPkru, type EventIndex, type Pkru } from '../contract/ids.ts';
import { kindCode as K } from './codes.ts';
import type { EventLog } from './eventLog.ts';

export interface SignalRights {
  /** A handler of the program took it. */
  readonly handled: boolean;
  /** Null = unknown, here and below. */
  readonly before: Pkru | null;
  readonly inside: Pkru | null;
  /** Null also where the handler has not returned, or left by another way. */
  readonly after: Pkru | null;
  /** The row of the return. */
  readonly returned: EventIndex | null;
}

interface Frame {
  readonly row: number;
  entered: boolean;
}

const KERNEL = causes.indexOf('kernel');

/** Follows a log as it grows; every row is looked at once. */
class SignalIndex {
  readonly #log: EventLog;
  readonly #found = new Map<number, { handled: boolean; inside: Pkru | null; after: Pkru | null; returned: number }>();
  /** Handlers that a thread is in, outermost first. */
  readonly #frames = new Map<number, Frame[]>();
  #next = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  at(row: number): SignalRights | null {
    this.#follow();
    const found = this.#found.get(row);
    if (!found) return null;
    const { rights } = this.#log.at(row);
    return {
      ...found,
      before: rights === null ? null : asPkru(rights),
      returned: found.returned < 0 ? null : asEventIndex(found.returned),
    };
  }

  #follow(): void {
    const log = this.#log;
    const { kind: kinds, cause, tid: tids } = log.columns;
    for (let row = this.#next; row < log.length; row++) {
      const kind = kinds[row] ?? 0;
      const tid = tids[row] ?? 0;
      if (kind === K.signal) this.#signal(row, tid);
      else if (kind === K.rights && cause[row] === KERNEL) this.#byKernel(row, tid);
      else if (kind === K['thread-birth'] || kind === K['thread-exit'] || kind === K.exec) this.#frames.delete(tid);
    }
    this.#next = log.length;
  }

  #signal(row: number, tid: number): void {
    const handled = this.#log.facts(row, 'signal')?.disposition === 'handler';
    this.#found.set(row, { handled, inside: null, after: null, returned: -1 });
    if (!handled) return;
    const frames = this.#frames.get(tid) ?? [];
    frames.push({ row, entered: false });
    this.#frames.set(tid, frames);
  }

  /** The kernel sets rights twice for a signal: at the first instruction of its handler, and at its return. */
  #byKernel(row: number, tid: number): void {
    const frames = this.#frames.get(tid);
    const frame = frames?.at(-1);
    const found = frame && this.#found.get(frame.row);
    if (!frames || !frame || !found) return;
    const { rights, flags } = this.#log.columns;
    const now = (flags[row] ?? 0) & flagBits.rightsKnown ? asPkru(rights[row] ?? 0) : null;
    if (!frame.entered) {
      frame.entered = true;
      found.inside = now;
      return;
    }
    found.after = now;
    found.returned = row;
    frames.pop();
  }
}

const indexes = new WeakMap<EventLog, SignalIndex>();

/** What became of a thread's rights at a signal; null for any other row. */
export function signalRights(log: EventLog, row: number): SignalRights | null {
  let index = indexes.get(log);
  if (!index) {
    index = new SignalIndex(log);
    indexes.set(log, index);
  }
  return index.at(row);
}
