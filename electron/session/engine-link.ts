import type { Engine, EngineReply } from '../../core/contract/engine.ts';
import type { EventBatch } from '../../core/contract/events.ts';
import { messageOf, UserError } from './errors.ts';
import { OutputPipe, type StreamName } from './output-pipe.ts';

/** What an engine tells its session. */
export interface EngineSink {
  batch(batch: EventBatch): void;
  output(stream: StreamName, chunk: Buffer): void;
  /** Nothing more will come; `error` when the engine died. */
  ended(error?: string): void;
}

interface Waiter {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** At most one batch a frame. */
const FRAME_MS = 16;
/** Somebody waits for the answer to a command: it is not held back for the frame. */
const ANSWER_MS = 1;
/** How long output may still trickle in once the engine is done (a grandchild can hold the pipe open). */
const OUTPUT_GRACE_MS = 1000;

/** Drives one engine: takes its events at most once a frame, matches replies with commands, reads the output pipes. */
export class EngineLink {
  readonly #engine: Engine;
  readonly #sink: EngineSink;
  readonly #pipes: readonly OutputPipe[];
  readonly #waiters = new Map<number, Waiter>();
  #nextId = 1;
  /** Takes back the take that is due; none is when there is nothing to take back. */
  #unschedule: (() => void) | undefined;
  #lastTake = 0;
  #state: 'live' | 'draining' | 'closed' = 'live';

  /** `start` makes the engine. Throws a UserError when the program cannot be started or attached to. */
  constructor(start: (notify: () => void) => Engine, sink: EngineSink) {
    this.#sink = sink;
    try {
      this.#engine = start(() => this.#schedule());
    } catch (thrown) {
      throw new UserError(messageOf(thrown), 1);
    }
    const streams = (['stdout', 'stderr'] as const).filter((stream) => this.#engine[stream] >= 0);
    this.#pipes = streams.map((stream) => new OutputPipe(this.#engine[stream], (chunk) => this.#output(stream, chunk)));
    // Events from before the first notification must not wait for the second.
    this.#schedule();
  }

  /** Sends a command; settles with the engine's answer. */
  command(command: object): Promise<unknown> {
    if (this.#state !== 'live') return Promise.reject(new UserError('the program has ended', 1));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, { resolve, reject });
      this.#engine.command(id, JSON.stringify(command));
    });
  }

  /** Kills what was launched and lets go of everything; idempotent. */
  dispose(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#unschedule?.();
    this.#engine.close();
    this.#takeLast();
    for (const pipe of this.#pipes) pipe.dispose();
    this.#rejectAll('the session was closed');
  }

  #schedule(): void {
    if (this.#state !== 'live' || this.#unschedule !== undefined) return;
    const pause = this.#waiters.size > 0 ? ANSWER_MS : FRAME_MS;
    const wait = this.#lastTake + pause - performance.now();
    if (wait > 0) {
      const timer = setTimeout(() => this.#take(), wait);
      this.#unschedule = () => clearTimeout(timer);
    } else {
      // Node.js makes a timeout of 0 one of a millisecond.
      const soon = setImmediate(() => this.#take());
      this.#unschedule = () => clearImmediate(soon);
    }
  }

  /** What the program did before it wrote comes first in the log: the pipe may be read before the frame is over. */
  #output(stream: StreamName, chunk: Buffer): void {
    if (this.#state === 'live') this.#take();
    this.#sink.output(stream, chunk);
  }

  #take(): void {
    this.#unschedule?.();
    this.#unschedule = undefined;
    this.#lastTake = performance.now();
    try {
      const { batch, replies, done } = this.#engine.take();
      if (batch.count > 0 || batch.details.length > 0) this.#sink.batch(batch);
      for (const reply of replies) this.#settle(reply);
      if (done) void this.#finish();
    } catch (thrown) {
      this.#fail(messageOf(thrown));
    }
  }

  /** What the engine did as it closed: that it let go of the program, and what it left behind. */
  #takeLast(): void {
    try {
      const { batch } = this.#engine.take();
      if (batch.count > 0 || batch.details.length > 0) this.#sink.batch(batch);
    } catch {
      // It is broken, as has been said or will be.
    }
  }

  #settle(reply: EngineReply): void {
    const waiter = this.#waiters.get(reply.id);
    this.#waiters.delete(reply.id);
    if (reply.error !== undefined) waiter?.reject(new UserError(reply.error, 1));
    else waiter?.resolve(reply.value === undefined ? undefined : JSON.parse(reply.value));
  }

  async #finish(): Promise<void> {
    if (this.#state !== 'live') return;
    this.#state = 'draining';
    this.#rejectAll('the program has ended');
    let grace: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      grace = setTimeout(resolve, OUTPUT_GRACE_MS);
    });
    await Promise.race([Promise.all(this.#pipes.map((pipe) => pipe.ended)), late]);
    clearTimeout(grace);
    if (this.#state !== 'draining') return;
    this.dispose();
    this.#sink.ended();
  }

  #fail(error: string): void {
    this.dispose();
    this.#sink.ended(error);
  }

  #rejectAll(reason: string): void {
    for (const waiter of this.#waiters.values()) waiter.reject(new UserError(reason, 1));
    this.#waiters.clear();
  }
}
