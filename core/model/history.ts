/** Time travel: the world after any row. Checkpoints are cheap (shared chunks), so a jump replays a short stretch only. */
import type { EventLog } from './eventLog.ts';
import { CHUNK_BYTES } from './regionChunk.ts';
import { replay } from './replay.ts';
import { State } from './state.ts';
import { World } from './world.ts';

const WORLDS_KEPT = 4;
/** What checkpoints may cost: bytes of copied regions for each row of the log. */
const BYTES_A_ROW = 24;

export class History {
  readonly log: EventLog;
  readonly #every: number;
  /** Frozen states in order of `next`; the first is the empty one. */
  readonly #checkpoints: State[] = [new State()];
  /** The state at the edge of what was ever replayed: it only moves on, however often views look back. */
  readonly #front = new State();
  /** Chunks the front has copied since the last checkpoint. */
  #copied = 0;
  /** The state that jumps back and forth behind the front. */
  #past: State | null = null;
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
    const world = new World(this.#stateAt(next), this.log);
    this.#worlds.set(next, world);
    const oldest = this.#worlds.keys().next().value;
    if (this.#worlds.size > WORLDS_KEPT && oldest !== undefined) this.#worlds.delete(oldest);
    return world;
  }

  /** Reads what is new in the log, so that whoever asks next need not wait for it. */
  follow(): void {
    this.#advance(this.log.length);
  }

  /** The world after the last row. */
  latest(): World {
    return this.at(this.log.length - 1);
  }

  /** The world at a program time: after the last row not later than it. */
  atTime(time: number): World {
    return this.at(this.log.indexAtTime(time));
  }

  #stateAt(next: number): State {
    if (next >= this.#front.next) {
      this.#advance(next);
      return this.#front;
    }
    const checkpoint = this.#before(next);
    let past = this.#past;
    if (!past || past.next > next || past.next < checkpoint.next) past = checkpoint.clone();
    replay(past, this.log, next);
    this.#past = past;
    return past;
  }

  /** Replays new rows, considering a checkpoint every so many. */
  #advance(next: number): void {
    while (this.#front.next < next) {
      const last = this.#checkpoints.at(-1)?.next ?? 0;
      const steps = Math.floor((this.#front.next - last) / this.#every) + 1;
      const edge = last + steps * this.#every;
      replay(this.#front, this.log, Math.min(edge, next));
      this.#copied += this.#front.takeCopied();
      if (this.#front.next === edge) this.#keep(edge - last);
    }
  }

  /** Makes the front a checkpoint, unless so much changed in so few rows that it would cost too much memory. */
  #keep(rows: number): void {
    const chunks = Math.min(this.#copied, this.#front.chunks());
    if (chunks * CHUNK_BYTES > rows * BYTES_A_ROW) return;
    this.#checkpoints.push(this.#front.clone());
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
