/** The event log: every row of a session in growable columns, append-only. Everything else derives from it. */
import type { MapFacts } from '../contract/details.ts';
import {
  type Cause,
  type ColumnName,
  type Columns,
  causes,
  columnNames,
  type EventBatch,
  type EventKind,
  eventColumns,
  eventKinds,
  flagBits,
  type Rule,
  rules,
  UNKNOWN_KEY,
  UNKNOWN_PROT,
} from '../contract/events.ts';
import type { EventIndex, Key, Pid, Pkru, Tid } from '../contract/ids.ts';
import { type Addr, asAddr, asEventIndex, asKey, asPid, asPkru, asTid } from '../contract/ids.ts';
import { checkCodes, makeColumns, WireError } from '../contract/wire.ts';
import { kindCode as K } from './codes.ts';
import { DetailStore } from './detailStore.ts';
import { DetailError, type FactKind, type FactsOf, factSchemas } from './facts.ts';

/** One row with names and brands; `null` = unknown or does not apply. Made on demand, never in replay loops. */
export interface EventRow {
  readonly index: EventIndex;
  readonly time: number;
  readonly kind: EventKind;
  readonly start: Addr;
  readonly end: Addr;
  readonly site: Addr | null;
  readonly pid: Pid;
  readonly tid: Tid | null;
  readonly rights: Pkru | null;
  readonly result: number;
  readonly keyBefore: Key | null;
  readonly keyAfter: Key | null;
  readonly protBefore: number | null;
  readonly protAfter: number | null;
  readonly cause: Cause;
  readonly rule: Rule;
  readonly failed: boolean;
  readonly hasDetail: boolean;
}

const keyOrNull = (n: number | undefined): Key | null => (n === undefined || n === UNKNOWN_KEY ? null : asKey(n));
const protOrNull = (n: number | undefined): number | null => (n === undefined || n === UNKNOWN_PROT ? null : n);

/** Rows of a log that is kept in plain arrays. */
const SMALL = 1 << 16;
/** Rows by which a larger one grows. */
const STEP = 1 << 16;
/** Rows for which address space is set aside: an hour and more at 10,000 events a second. */
const MOST = 1 << 26;

export class EventLog {
  #columns: Columns = makeColumns(1024);
  #capacity = 1024;
  #length = 0;
  /** Rows that the columns can grow to where they stand. */
  #most = 0;
  #version = 0;
  readonly #details = new DetailStore();

  get length(): number {
    return this.#length;
  }

  /** Grows with every append: a memo key for React. */
  get version(): number {
    return this.#version;
  }

  /** The backing columns, at least `length` long. Ask again after an append: growth replaces them. */
  get columns(): Columns {
    return this.#columns;
  }

  /** Adds the rows of a batch. Throws WireError when the batch does not continue this log. */
  append(batch: EventBatch): void {
    const next = this.#details.length + 1;
    if (batch.details.length > 0 && batch.firstDetail !== next) {
      throw new WireError('firstDetail', `${batch.firstDetail}, ${next} expected`);
    }
    checkCodes(batch);
    this.#reserve(this.#length + batch.count);
    for (const name of columnNames) {
      this.#columns[name].set(batch.columns[name].subarray(0, batch.count), this.#length);
    }
    this.#details.add(batch.details);
    const { kind, detail } = batch.columns;
    for (let row = 0; row < batch.count; row++) {
      if (kind[row] === K.map && detail[row] !== 0) this.#details.ofMap(detail[row] ?? 0);
    }
    this.#length += batch.count;
    this.#version++;
  }

  /** Row `index`. Throws RangeError outside the log. */
  at(index: number): EventRow {
    this.#check(index);
    const c = this.#columns;
    const flags = c.flags[index] ?? 0;
    const site = c.site[index] ?? 0;
    const tid = c.tid[index] ?? 0;
    return {
      index: asEventIndex(index),
      time: c.time[index] ?? 0,
      kind: this.kind(index),
      start: asAddr(c.start[index] ?? 0),
      end: asAddr(c.end[index] ?? 0),
      site: site === 0 ? null : asAddr(site),
      pid: asPid(c.pid[index] ?? 0),
      tid: tid === 0 ? null : asTid(tid),
      rights: flags & flagBits.rightsKnown ? asPkru(c.rights[index] ?? 0) : null,
      result: c.result[index] ?? 0,
      keyBefore: keyOrNull(c.keyBefore[index]),
      keyAfter: keyOrNull(c.keyAfter[index]),
      protBefore: protOrNull(c.protBefore[index]),
      protAfter: protOrNull(c.protAfter[index]),
      cause: this.cause(index),
      rule: this.rule(index),
      failed: (flags & flagBits.failed) !== 0,
      hasDetail: (c.detail[index] ?? 0) !== 0,
    };
  }

  kind(index: number): EventKind {
    const kind = eventKinds[this.#columns.kind[index] ?? 0];
    if (!kind) throw new WireError(`columns.kind[${index}]`, 'unknown code');
    return kind;
  }

  cause(index: number): Cause {
    return causes[this.#columns.cause[index] ?? 0] ?? 'assumed';
  }

  rule(index: number): Rule {
    return rules[this.#columns.rule[index] ?? 0] ?? 'none';
  }

  time(index: number): number {
    return index >= 0 && index < this.#length ? (this.#columns.time[index] ?? 0) : 0;
  }

  /** The raw JSON of a row's detail, or null. */
  rawDetail(index: number): string | null {
    return index < this.#length ? this.#details.text(this.#columns.detail[index] ?? 0) : null;
  }

  /** The detail of a row of the given kind, parsed once; null when the row has none or is of another kind. */
  facts<K extends FactKind>(index: number, kind: K): FactsOf<K> | null {
    if (index < 0 || index >= this.#length || this.kind(index) !== kind) return null;
    return this.#details.facts(index, kind, this.#columns.detail[index] ?? 0);
  }

  /** What map row `index` says; an empty name where it says nothing. For loops over all memory. */
  mapFacts(index: number): MapFacts {
    return this.#details.mapFacts(index, this.#columns.detail[index] ?? 0);
  }

  /** A small number for what map row `index` says: rows that say the same have the same. */
  mapWords(index: number): number {
    return this.#details.mapWords(this.#columns.detail[index] ?? 0);
  }

  /** The facts of a row whose kind must have them. Throws DetailError when they are missing. */
  needFacts<K extends FactKind>(index: number, kind: K): FactsOf<K> {
    const facts = this.facts(index, kind);
    if (facts === null) throw new DetailError(index, kind, 'detail: missing');
    return facts;
  }

  /** The detail of any row, by its own kind; null when it has none. */
  detail(index: number): FactsOf<FactKind> | null {
    const kind = this.at(index).kind;
    return kind in factSchemas ? this.facts(index, kind as FactKind) : null;
  }

  /** Index of the last row not later than `time`; -1 when every row is later. */
  indexAtTime(time: number): EventIndex {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#columns.time[middle] ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return asEventIndex(low - 1);
  }

  /** Rows `[from, to)` and the details they need, as one batch; `from` 0 and no `to` gives the whole log. */
  slice(from = 0, to = this.#length): EventBatch {
    const columns = Object.fromEntries(columnNames.map((name) => [name, this.#columns[name].slice(from, to)]));
    const numbers = this.#columns.detail.subarray(from, to).filter((n) => n > 0);
    const first = numbers.length > 0 ? numbers.reduce((a, b) => Math.min(a, b)) : this.#details.length + 1;
    const last = numbers.reduce((a, b) => Math.max(a, b), first - 1);
    return {
      count: to - from,
      columns: columns as unknown as Columns,
      firstDetail: first,
      details: this.#details.texts(first, last + 1),
    };
  }

  #check(index: number): void {
    if (!Number.isInteger(index) || index < 0 || index >= this.#length) {
      throw new RangeError(`event ${index} of ${this.#length}`);
    }
  }

  #reserve(length: number): void {
    if (length <= this.#capacity) return;
    const capacity =
      length <= SMALL ? Math.min(SMALL, Math.max(4096, length * 2)) : (Math.floor(length / STEP) + 1) * STEP;
    const inPlace = this.#capacity > SMALL && capacity <= this.#most;
    if (!inPlace && capacity > SMALL) this.#most = Math.max(MOST, capacity * 4);
    const grown: Partial<Record<ColumnName, Columns[ColumnName]>> = {};
    for (const name of columnNames) {
      const known = this.#columns[name];
      const width = eventColumns[name].BYTES_PER_ELEMENT;
      if (inPlace) {
        known.buffer.resize(capacity * width);
        continue;
      }
      // Past a small log memory is only reserved and then grows where it stands: no copy, no second half that is empty.
      const options = capacity > SMALL ? { maxByteLength: this.#most * width } : {};
      const column = new eventColumns[name](new ArrayBuffer(capacity * width, options));
      column.set(known.subarray(0, this.#length));
      grown[name] = column;
    }
    if (!inPlace) this.#columns = grown as Columns;
    this.#capacity = capacity;
  }
}
