/** The life of one page: every row that changed which key it has. */
import type { Cause, Rule } from '../contract/events.ts';
import { flagBits } from '../contract/events.ts';
import { asEventIndex, asTid, type EventIndex, type Key, type Tid } from '../contract/ids.ts';
import { kindCode as K } from './codes.ts';
import type { EventLog } from './eventLog.ts';
import { memoryRows } from './memoryRows.ts';

export interface KeyChange {
  readonly event: EventIndex;
  readonly time: number;
  /** `key lost`: a new mapping over a tagged page took its key away. `inherited`: a fork copied it. */
  readonly what: 'mapped' | 'moved' | 'tagged' | 'unmapped' | 'key lost' | 'inherited';
  readonly before: Key | null;
  readonly after: Key | null;
  readonly cause: Cause;
  readonly rule: Rule;
  readonly tid: Tid | null;
  /** The policy whose step it was; null for everybody else's. */
  readonly policy: string | null;
}

/** The key changes of the page at `page` in address space `pid`, oldest first, up to row `upTo`. */
export function keyHistory(log: EventLog, pid: number, page: number, upTo = log.length - 1): readonly KeyChange[] {
  const rows = rowsOf(log, pid, page, Math.min(upTo, log.length - 1)).reverse();
  const changes: KeyChange[] = [];
  let key: Key | null = null;
  let mapped = false;
  for (const index of rows) {
    const row = log.at(index);
    const before: Key | null = key;
    let what: KeyChange['what'];
    if (row.kind === 'process-birth') what = 'inherited';
    else if (row.kind === 'unmap' || row.kind === 'exec') {
      if (!mapped) continue;
      what = 'unmapped';
      key = null;
    } else if (row.kind === 'tag') {
      if (row.keyAfter === null) continue;
      what = 'tagged';
      key = row.keyAfter;
    } else {
      what = log.facts(index, 'map')?.from !== undefined ? 'moved' : 'mapped';
      key = row.keyAfter;
      if (mapped && before !== null && before !== 0 && key !== before) what = 'key lost';
    }
    mapped = what !== 'unmapped';
    changes.push({
      event: asEventIndex(index),
      time: row.time,
      what,
      before,
      after: key,
      cause: row.cause,
      rule: row.rule,
      tid: row.tid === null ? null : asTid(row.tid),
      policy: row.kind === 'tag' && isPolicyRule(row.rule) ? policyBefore(log, index) : null,
    });
  }
  return changes;
}

/** Rows about a page, newest first, and how far the log was read for them. */
interface Read {
  readonly rows: number[];
  readonly upTo: number;
}
const PAGES_KEPT = 64;
const readPages = new WeakMap<EventLog, Map<string, Read>>();

/** Rows about the page, newest first, up to row `upTo`; a page that was asked for before costs its new rows only. */
function rowsOf(log: EventLog, pid: number, page: number, upTo: number): number[] {
  const pages = readPages.get(log) ?? new Map<string, Read>();
  readPages.set(log, pages);
  const name = `${pid}/${page}`;
  const known = pages.get(name);
  const all = !known || upTo < known.upTo ? scan(log, pid, page, upTo, -1) : extended(log, pid, page, upTo, known);
  if (known && upTo < known.upTo) return all;
  pages.delete(name);
  pages.set(name, { rows: all, upTo });
  const oldest = pages.keys().next().value;
  if (pages.size > PAGES_KEPT && oldest !== undefined) pages.delete(oldest);
  return [...all];
}

function extended(log: EventLog, pid: number, page: number, upTo: number, known: Read): number[] {
  const { kind, pid: pids } = log.columns;
  for (const row of memoryRows(log).about(page, known.upTo, upTo)) {
    // A new program or a new copy of another one: what was known is about something else.
    const anew = kind[row] === K.exec || kind[row] === K['process-birth'];
    if (anew && pids[row] === pid) return scan(log, pid, page, upTo, -1);
  }
  return [...scan(log, pid, page, upTo, known.upTo), ...known.rows];
}

/** Reads rows from `upTo` down to after `since`; a fork is followed back into the parent. */
function scan(log: EventLog, pid: number, page: number, upTo: number, since: number): number[] {
  const c = log.columns;
  const found: number[] = [];
  let space = pid;
  for (const row of memoryRows(log).about(page, since, upTo)) {
    const kind = c.kind[row];
    if (c.pid[row] !== space) continue;
    if (kind === K.map || kind === K.tag || kind === K.unmap) {
      const touches = (c.start[row] ?? 0) <= page && page < (c.end[row] ?? 0);
      if (touches && ((c.flags[row] ?? 0) & flagBits.failed) === 0) found.push(row);
    } else if (kind === K.exec) {
      break; // what was there before belongs to another program
    } else if (kind === K['process-birth']) {
      const birth = log.facts(row, 'process-birth');
      const parent = birth?.copyOf ?? birth?.shares;
      if (parent === undefined) continue;
      found.push(row);
      space = parent;
    }
  }
  return found;
}

/** True for a rule of a policy; it may have been applied by the engine or at the user’s word. */
export const isPolicyRule = (rule: Rule): boolean => rule !== 'none' && rule !== 'manual' && rule !== 'undo';

/** Name of the policy whose step the tag at `row` belongs to. */
export function policyBefore(log: EventLog, row: number): string | null {
  const c = log.columns;
  for (let i = row - 1; i >= 0; i--) {
    if (c.kind[i] === K.policy) return log.facts(i, 'policy')?.policy ?? null;
  }
  return null;
}

/** `tagged by rule R4 (slot-only)`, `mapped by the program`, … */
export function changeWords(change: KeyChange): string {
  if (change.what === 'tagged') return tagWords(change);
  if (change.what === 'key lost') return 'key lost: mapped anew over a tagged page';
  if (change.what === 'inherited') return 'copied by fork';
  const who =
    change.cause === 'program' ? 'the program' : change.cause === 'policy' ? 'Keyhole' : `the ${change.cause}`;
  return change.cause === 'assumed' ? `${change.what}, assumed` : `${change.what} by ${who}`;
}

/** How a tag came about: by a rule of a policy, by hand, by the program itself. */
export function tagWords(tag: { readonly cause: Cause; readonly rule: Rule; readonly policy?: string | null }): string {
  const policy = tag.policy ? ` (${tag.policy})` : '';
  if (tag.rule === 'undo') return 'tagged back by a revert';
  if (tag.rule === 'manual' || (tag.rule === 'none' && tag.cause === 'user')) return 'tagged by hand';
  if (tag.rule !== 'none') return `tagged by rule ${tag.rule}${policy}`;
  if (tag.cause === 'program') return 'tagged by the program';
  return tag.cause === 'assumed' ? 'tagged, assumed' : `tagged by the ${tag.cause}`;
}
