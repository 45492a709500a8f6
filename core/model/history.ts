/** Time travel: the world after any row. Checkpoints are cheap (shared chunks), so a jump replays a short stretch only. */
import type { EventLog } from './eventLog.ts';
import { CHUNK_BYTES } from './regionChunk.ts';
import { replay } from './replay.ts';
import { State } from './state.ts';
import { World } from './world.ts';

const WORLDS_KEPT = 8;
/** What checkpoints may cost: bytes of copied regions for each row of the log. */
const BYTES_A_ROW = 40;

export class History {
  readonly log: EventLog;
  readonly #every: number;
  /** Frozen states in order of `next`; the first is the empty one. */
  readonly #checkpoints: State[] = [new State()];
  #cursor = new State();
  /** Chunks the cursor has copied since the last checkpoint. */
  #copied = 0;
  readonly #worlds = new Map<number, World>();

  /** `every`: rows between checkpoints. */
  constructor(log: EventLog, every = 8192) {
    this.log = log;
    this.#every = every;
  }

  /** The world after row `index` (clamped to the log); -1 is before the first. The same index gives the same object. */
  at(index: number): World {
    const next = Math.max(0, Math.min(Math.floor(index) + 1, this.log.length));
    const known = this.#worlds.get(next);
    if (known) return known;
    this.#goto(next);
    const world = new World(this.#cursor, this.log);
    this.#worlds.set(next, world);
    const oldest = this.#worlds.keys().next().value;
    if (this.#worlds.size > WORLDS_KEPT && oldest !== undefined) this.#worlds.delete(oldest);
    return world;
  }

  /** The world after the last row. */
  latest(): World {
    return this.at(this.log.length - 1);
  }

  /** The world at a program time: after the last row not later than it. */
  atTime(time: number): World {
    return this.at(this.log.indexAtTime(time));
  }

  #goto(next: number): void {
    const checkpoint = this.#before(next);
    if (this.#cursor.next > next || this.#cursor.next < checkpoint.next) this.#restore(checkpoint);
    while (this.#cursor.next < next) {
      // Behind the last checkpoint there is nothing to keep; beyond it one is considered every so many rows.
      const last = this.#checkpoints.at(-1)?.next ?? 0;
      const steps = Math.floor((this.#cursor.next - last) / this.#every) + 1;
      const edge = this.#cursor.next >= last ? last + steps * this.#every : next;
      replay(this.#cursor, this.log, Math.min(edge, next));
      this.#copied += this.#cursor.takeCopied();
      if (this.#cursor.next === edge && edge > last) this.#keep(edge - last);
    }
  }

  #restore(checkpoint: State): void {
    this.#cursor = checkpoint.clone();
    this.#copied = 0;
  }

  /** Makes the cursor a checkpoint, unless so much changed in so few rows that it would cost too much memory. */
  #keep(rows: number): void {
    const chunks = Math.min(this.#copied, this.#cursor.chunks());
    if (chunks * CHUNK_BYTES > rows * BYTES_A_ROW) return;
    this.#checkpoints.push(this.#cursor.clone());
    this.#copied = 0;
  }

  /** The last checkpoint at or before `next`. */
  #before(next: number): State {
    let low = 0;
    let high = this.#checkpoints.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#checkpoints[middle]?.next ?? 0) <= next) low = middle;
      else high = middle - 1;
    }
    return this.#checkpoints[low] ?? new State();
  }
}
