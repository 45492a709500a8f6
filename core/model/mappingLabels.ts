/** What a mapping's own words say of it, wherever it lies. Thousands of mappings say the same: worked out once a log. */
import type { EventLog } from './eventLog.ts';
import { type Label, makeLabel } from './label.ts';
import { shortModule } from './names.ts';

const KEYHOLE = makeLabel('keyhole', 'Keyhole’s stub', 'Keyhole');
const HEAP = makeLabel('heap', '[heap]');

export interface MappingLabels {
  readonly name: string;
  /** Its label whatever lies there; null where modules and threads come first. */
  readonly always: Label | null;
  /** A stack: the first thread's, or that of the thread whose thread pointer lies in the mapping. */
  readonly stack: 'main' | 'any' | null;
  /** Its label with and without the permission to execute; null for memory that has no name. */
  readonly named: { readonly code: Label; readonly other: Label } | null;
}

export class MappingTable {
  readonly #log: EventLog;
  readonly #known: MappingLabels[] = [];

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** What the map row `mapped` says. `words`: the number of that where it is at hand, or else -1. */
  of(mapped: number, words = -1): MappingLabels {
    if (words < 0) return this.of(mapped, this.#log.mapWords(mapped));
    let known = this.#known[words];
    if (known === undefined) {
      known = this.#read(mapped);
      this.#known[words] = known;
    }
    return known;
  }

  #read(mapped: number): MappingLabels {
    const { name, flags } = this.#log.mapFacts(mapped);
    const stack = name === '[stack]' ? 'main' : name.startsWith('[stack') || flags?.some(isStack) ? 'any' : null;
    return { name, always: name === '[keyhole]' ? KEYHOLE : null, stack, named: namedLabels(name) };
  }
}

const isStack = (flag: string): boolean => /stack$/i.test(flag);

function namedLabels(name: string): MappingLabels['named'] {
  if (name === '') return null;
  const other = name === '[heap]' ? HEAP : name.startsWith('[') ? makeLabel('kernel', name, 'kernel') : null;
  if (other) return { code: other, other };
  const owner = shortModule(name);
  return { code: makeLabel('code', 'code', owner), other: makeLabel('file', name, owner) };
}

const tables = new WeakMap<EventLog, MappingTable>();

/** The table of a log, made once. */
export function mappingTable(log: EventLog): MappingTable {
  const known = tables.get(log) ?? new MappingTable(log);
  tables.set(log, known);
  return known;
}
