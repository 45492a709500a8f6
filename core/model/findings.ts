/** What should be looked at: the engine's own findings, and those that only the whole log shows. */
import { asAddr, asEventIndex, type EventIndex, hex, type Range } from '../contract/ids.ts';
import type { EventLog } from './eventLog.ts';
import { replay } from './replay.ts';
import { rowsOfKind } from './scan.ts';
import { State } from './state.ts';

export interface Finding {
  readonly class: string;
  readonly text: string;
  readonly event: EventIndex;
  readonly range: Range | null;
  /** `log`: derived here; `engine`: seen by the engine. */
  readonly from: 'engine' | 'log';
}

/** The class a finding of dropped events has; its text begins with their number. */
export const DROPPED = 'dropped';
export const KEY_LOST = 'key-lost';
/** Keyhole's picture of the memory was not the kernel's. */
export const MODEL_DIFFERS = 'model-differs';

/** A mark that begins so says that Keyhole's picture was held to the kernel's by hand; what follows, with which result. */
const COMPARED = 'compared with the kernel, ';

/** What a comparison by hand came to. */
export type Comparison = 'agrees' | 'differs' | 'not possible';

/** The last comparison by hand up to a row; null where there was none. */
export function lastComparison(
  log: EventLog,
  upTo: number,
): { readonly event: EventIndex; readonly result: Comparison } | null {
  for (const row of [...rowsOfKind(log, 'mark')].reverse()) {
    if (row > upTo) continue;
    const { text } = log.needFacts(row, 'mark');
    if (!text.startsWith(COMPARED)) continue;
    const said = text.slice(COMPARED.length);
    const result = said === 'no difference' ? 'agrees' : said.startsWith('not possible') ? 'not possible' : 'differs';
    return { event: asEventIndex(row), result };
  }
  return null;
}

/** Every finding in order of event. */
export function findings(log: EventLog): readonly Finding[] {
  const found: Finding[] = [];
  for (const row of rowsOfKind(log, 'finding')) {
    const facts = log.needFacts(row, 'finding');
    const range =
      facts.start !== undefined && facts.end !== undefined
        ? { start: asAddr(Number(facts.start)), end: asAddr(Number(facts.end)) }
        : null;
    found.push({ class: facts.class, text: facts.text, event: asEventIndex(row), range, from: 'engine' });
  }
  // The engine tells most of them itself, over the range of the whole mapping.
  const told = found.filter((finding) => finding.class === KEY_LOST);
  for (const lost of keysLost(log)) if (!told.some((other) => overlap(other.range, lost.range))) found.push(lost);
  return found.sort((a, b) => a.event - b.event);
}

const overlap = (a: Range | null, b: Range | null): boolean =>
  a !== null && b !== null && a.start < b.end && b.start < a.end;

const keysOf = new WeakMap<EventLog, LostKeys>();

/** Mappings that replaced tagged pages: their key is gone without anyone having said so. */
function keysLost(log: EventLog): readonly Finding[] {
  const known = keysOf.get(log) ?? new LostKeys(log);
  keysOf.set(log, known);
  return known.upToDate();
}

/** Follows a log as it grows: no row is looked at twice. */
class LostKeys {
  readonly #log: EventLog;
  readonly #state = new State();
  readonly #found: Finding[] = [];
  #next = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  upToDate(): readonly Finding[] {
    const log = this.#log;
    for (const row of rowsOfKind(log, 'map', this.#next)) {
      replay(this.#state, log, row);
      const { pid, start, end, keyAfter, failed } = log.at(row);
      if (failed) continue;
      for (const span of this.#state.space(pid, row).regions.range(start, end)) {
        if (span.key <= 0 || span.key === keyAfter) continue;
        const lost = { start: asAddr(Math.max(start, span.start)), end: asAddr(Math.min(end, span.end)) };
        this.#found.push({
          class: KEY_LOST,
          text: `a new mapping over ${hex(lost.start)} to ${hex(lost.end)} took key ${span.key} away`,
          event: asEventIndex(row),
          range: lost,
          from: 'log',
        });
      }
    }
    this.#next = log.length;
    return this.#found;
  }
}

/** Events that were lost, by the engine's own word. */
export function droppedEvents(log: EventLog): number {
  let dropped = 0;
  for (const row of rowsOfKind(log, 'finding')) {
    const facts = log.needFacts(row, 'finding');
    if (facts.class === DROPPED) dropped += Number.parseInt(facts.text, 10) || 0;
  }
  return dropped;
}
