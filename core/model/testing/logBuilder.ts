/** Makes event batches row by row, for tests and synthetic sessions. Times go up by a microsecond unless told. */
import {
  type Cause,
  causes,
  type EventBatch,
  type EventKind,
  eventKinds,
  flagBits,
  type Rule,
  rules,
  UNKNOWN_KEY,
  UNKNOWN_PROT,
} from '../../contract/events.ts';
import { makeColumns } from '../../contract/wire.ts';
import { EventLog } from '../eventLog.ts';
import type { FactKind, FactsOf } from '../facts.ts';

/** The fields of a row; what is left out is unknown or does not apply. */
export interface RowInput {
  readonly time?: number;
  readonly pid?: number;
  readonly tid?: number;
  readonly start?: number;
  readonly end?: number;
  readonly site?: number;
  readonly rights?: number;
  readonly result?: number;
  readonly keyBefore?: number;
  readonly keyAfter?: number;
  readonly protBefore?: number;
  readonly protAfter?: number;
  readonly cause?: Cause;
  readonly rule?: Rule;
  readonly failed?: boolean;
}

interface StoredRow extends RowInput {
  readonly kind: EventKind;
  readonly at: number;
  readonly detail: number;
}

export class LogBuilder {
  /** Defaults for rows that do not say: the process and the thread at work. */
  pid = 0;
  tid = 0;
  /** Program time in ns; every row moves it on. */
  time = 0;
  step = 1000;
  readonly #rows: StoredRow[] = [];
  readonly #details: string[] = [];

  get length(): number {
    return this.#rows.length;
  }

  /** Adds a row and answers its index. */
  row<K extends EventKind>(kind: K, input: RowInput = {}, facts?: K extends FactKind ? FactsOf<K> : never): number {
    this.time = input.time ?? this.time + this.step;
    const detail = facts === undefined ? 0 : this.#details.push(JSON.stringify(facts));
    this.#rows.push({ ...input, kind, at: this.time, detail });
    return this.#rows.length - 1;
  }

  /** Everything so far as one batch. */
  batch(from = 0, to = this.#rows.length): EventBatch {
    const rows = this.#rows.slice(from, to);
    const columns = makeColumns(rows.length);
    rows.forEach((row, i) => {
      columns.time[i] = row.at;
      columns.start[i] = row.start ?? 0;
      columns.end[i] = row.end ?? row.start ?? 0;
      columns.site[i] = row.site ?? 0;
      columns.pid[i] = row.pid ?? this.pid;
      columns.tid[i] = row.tid ?? this.tid;
      columns.rights[i] = row.rights ?? 0;
      columns.detail[i] = row.detail;
      columns.result[i] = row.result ?? 0;
      columns.keyBefore[i] = row.keyBefore ?? UNKNOWN_KEY;
      columns.keyAfter[i] = row.keyAfter ?? UNKNOWN_KEY;
      columns.kind[i] = eventKinds.indexOf(row.kind);
      columns.protBefore[i] = row.protBefore ?? UNKNOWN_PROT;
      columns.protAfter[i] = row.protAfter ?? UNKNOWN_PROT;
      columns.cause[i] = causes.indexOf(row.cause ?? 'program');
      columns.rule[i] = rules.indexOf(row.rule ?? 'none');
      columns.flags[i] = (row.rights === undefined ? 0 : flagBits.rightsKnown) | (row.failed ? flagBits.failed : 0);
    });
    const numbers = rows.flatMap((row) => (row.detail > 0 ? [row.detail] : []));
    const first = numbers[0] ?? 1;
    return {
      count: rows.length,
      columns,
      firstDetail: first,
      details: this.#details.slice(first - 1, first - 1 + numbers.length),
    };
  }

  /** A log of everything so far. */
  log(): EventLog {
    const log = new EventLog();
    log.append(this.batch());
    return log;
  }
}
