/** Time travel: the world after any row. Checkpoints are cheap (shared chunks), so a jump replays a short stretch only. */
import type { EventLog } from './eventLog.ts';
import { replay } from './replay.ts';
import { State } from './state.ts';
import { World } from './world.ts';

const WORLDS_KEPT = 16;

export class History {
  readonly log: EventLog;
  readonly #every: number;
  /** Frozen states in order of `next`; the first is the empty one. */
  readonly #checkpoints: State[] = [new State()];
  #cursor = new State();
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
    if (this.#cursor.next > next || this.#cursor.next < checkpoint.next) this.#cursor = checkpoint.clone();
    while (this.#cursor.next < next) {
      const last = this.#checkpoints.at(-1)?.next ?? 0;
      const edge = this.#cursor.next >= last ? last + this.#every : next;
      replay(this.#cursor, this.log, Math.min(edge, next));
      if (this.#cursor.next === last + this.#every) this.#checkpoints.push(this.#cursor.clone());
    }
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
