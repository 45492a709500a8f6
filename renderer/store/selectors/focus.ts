import { asEventIndex, asPid, type EventIndex, type Pid, type Tid } from '../../../core/contract/ids.ts';
import type { EventLog } from '../../../core/model/eventLog.ts';
import { faultSite } from '../../../core/model/faultSite.ts';
import type { History } from '../../../core/model/history.ts';
import type { World } from '../../../core/model/world.ts';
import type { Selected } from '../selection.ts';
import { rowsOf } from './rows.ts';

/** What the selection means to every view: the page, thread, key and event it points at. */
export interface Focus {
  /** What the card shows: the selection, or without one the last fault so far. */
  readonly selected: Selected | null;
  /** True while nothing was picked and the last fault stands in. */
  readonly byDefault: boolean;
  readonly pid: Pid | null;
  readonly addr: number | null;
  readonly tid: Tid | null;
  readonly key: number | null;
  readonly event: EventIndex | null;
  /** Set when the event is a fault. */
  readonly fault: EventIndex | null;
}

/** The last fault at or before an instant; -1 when there is none. */
export const lastFault = (log: EventLog, upTo: number): number => rowsOf(log, 'fault', upTo).at(-1) ?? -1;

const nothing = { pid: null, addr: null, tid: null, key: null, event: null, fault: null };

/** Where the selection points, at the instant of `world`. */
export function focusOf(log: EventLog, history: History, world: World, picked: Selected | null): Focus {
  const fallback = picked === null ? lastFault(log, world.index) : -1;
  const selected: Selected | null = fallback >= 0 ? { kind: 'event', index: asEventIndex(fallback) } : picked;
  const base = { ...nothing, selected, byDefault: picked === null };
  if (selected === null) return base;
  switch (selected.kind) {
    case 'page':
      return { ...base, pid: selected.pid, addr: selected.addr };
    case 'key':
      return { ...base, key: selected.key };
    case 'thread': {
      const thread = world.threads.get(selected.tid);
      return { ...base, tid: selected.tid, pid: thread?.pid ?? null, addr: thread?.tp ?? null };
    }
    case 'event':
      return { ...base, ...eventFocus(log, history, selected.index) };
  }
}

function eventFocus(log: EventLog, history: History, index: EventIndex): Partial<Focus> {
  if (index >= log.length) return {};
  const row = log.at(index);
  const facts = log.facts(index, 'fault');
  const found = { event: index, pid: row.pid === 0 ? null : asPid(row.pid), tid: row.tid };
  if (facts) return { ...found, fault: index, addr: faultSite(history.at(index), row, facts).address };
  return { ...found, addr: row.start > 0 ? row.start : null };
}
