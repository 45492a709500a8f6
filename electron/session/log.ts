import { causes, type EventBatch, eventKinds, UNKNOWN_KEY, UNKNOWN_PROT } from '../../core/contract/events.ts';
import { makeColumns } from '../../core/contract/wire.ts';

const OUTPUT = eventKinds.indexOf('output');
const PROGRAM = causes.indexOf('program');

/**
 * The one log of a session: append-only, as batches. The engine numbers its details from 1 without knowing of the
 * output rows that the session adds, so its batches are renumbered here, once, on the way in.
 */
export class EventLog {
  readonly batches: EventBatch[] = [];
  rows = 0;
  #details = 0;
  #ownDetails = 0;
  #lastTime = 0;

  /** Takes over a batch of the engine; its columns are changed in place. Returns it as it stands in the log. */
  appendEngine(batch: EventBatch): EventBatch {
    if (this.#ownDetails > 0) {
      const { detail } = batch.columns;
      for (let row = 0; row < batch.count; row++) {
        const n = detail[row] ?? 0;
        if (n > 0) detail[row] = n + this.#ownDetails;
      }
    }
    return this.append({ ...batch, firstDetail: batch.firstDetail + this.#ownDetails });
  }

  /** Adds one row for text the program wrote, at the time of the last event. */
  appendOutput(stream: 'stdout' | 'stderr', text: string): EventBatch {
    const columns = makeColumns(1);
    columns.time[0] = this.#lastTime;
    columns.detail[0] = this.#details + 1;
    columns.kind[0] = OUTPUT;
    columns.cause[0] = PROGRAM;
    columns.keyBefore[0] = columns.keyAfter[0] = UNKNOWN_KEY;
    columns.protBefore[0] = columns.protAfter[0] = UNKNOWN_PROT;
    this.#ownDetails += 1;
    return this.append({
      count: 1,
      columns,
      firstDetail: this.#details + 1,
      details: [JSON.stringify({ stream, text })],
    });
  }

  /** Adds a batch whose details already follow this log's. */
  append(given: EventBatch): EventBatch {
    // A batch without details has nothing to number.
    const batch = given.details.length > 0 ? given : { ...given, firstDetail: this.#details + 1 };
    if (batch.firstDetail !== this.#details + 1) {
      throw new Error(`the log is broken: details go on at ${batch.firstDetail}, ${this.#details + 1} expected`);
    }
    this.batches.push(batch);
    this.rows += batch.count;
    this.#details += batch.details.length;
    this.#lastTime = Math.max(this.#lastTime, batch.columns.time[batch.count - 1] ?? 0);
    return batch;
  }
}
