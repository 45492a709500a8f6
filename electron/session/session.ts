import { randomUUID } from 'node:crypto';
import type { Engine, Native } from '../../core/contract/engine.ts';
import type { EventBatch } from '../../core/contract/events.ts';
import type { EngineAttach, EngineLaunch } from '../../core/contract/launch.ts';
import type { Source } from '../../core/contract/messages.ts';
import { EngineLink } from './engine-link.ts';
import { UserError } from './errors.ts';
import { EventLog } from './log.ts';
import type { StreamName } from './output-pipe.ts';
import { OutputText } from './output-text.ts';
import type { Snapshot } from './snapshot.ts';

export interface SessionListener {
  batch?(batch: EventBatch): void;
  /** The program's output as it was written. */
  output?(stream: StreamName, chunk: Buffer): void;
  failed?(error: string): void;
}

/** Where the log comes from: a program that runs, or a file. */
export interface Origin {
  readonly source: Source;
  readonly created: string | null;
  readonly kernel: string | null;
}

/** One log and, while the program lives, the engine that writes it. Knows no host: no window, socket or terminal. */
export class Session {
  /** Tells this log from every other. */
  readonly id = randomUUID();
  readonly log = new EventLog();
  readonly origin: Origin;
  /** Resolves when nothing more will come: the program ended, the engine died, or the session was disposed. */
  readonly ended: Promise<void>;
  /** Why the engine died, if it did. */
  failure: string | null = null;
  #link: EngineLink | null = null;
  #end: () => void = () => {};
  readonly #listeners = new Set<SessionListener>();

  private constructor(origin: Origin) {
    this.origin = origin;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Starts a program. Throws a UserError that names it and the reason when it cannot be started. */
  static launch(native: Native, launch: EngineLaunch, source: Source): Session {
    return Session.#start((notify) => native.launch(JSON.stringify(launch), notify), source);
  }

  /** Attaches to a process. Throws a UserError that names it and the reason when that is not possible. */
  static attach(native: Native, attach: EngineAttach, source: Source): Session {
    return Session.#start((notify) => native.attach(JSON.stringify(attach), notify), source);
  }

  static #start(start: (notify: () => void) => Engine, source: Source): Session {
    const session = new Session({ source, created: null, kernel: null });
    const text = new OutputText((stream, part) => session.#publish(session.log.appendOutput(stream, part)));
    session.#link = new EngineLink(start, {
      batch: (batch) => session.#publish(session.log.appendEngine(batch)),
      output: (stream, chunk) => {
        for (const listener of session.#listeners) listener.output?.(stream, chunk);
        text.write(stream, chunk);
      },
      ended: (error) => {
        text.end();
        session.#finish(error);
      },
    });
    return session;
  }

  /** A session over a log that was saved; nothing runs. */
  static open(snapshot: Snapshot, title: string): Session {
    const { created, kernel } = snapshot.manifest;
    const rows = snapshot.batches.reduce((sum, batch) => sum + batch.count, 0);
    const session = new Session({ source: { kind: 'snapshot', title, rows }, created, kernel });
    for (const batch of snapshot.batches) session.log.append(batch);
    session.#end();
    return session;
  }

  get live(): boolean {
    return this.#link !== null;
  }

  /** A command of the engine's; settles with its answer. */
  command(command: object): Promise<unknown> {
    if (this.#link) return this.#link.command(command);
    const why = this.origin.source.kind === 'snapshot' ? 'this is a snapshot; nothing runs' : 'the program has ended';
    return Promise.reject(new UserError(why, 1));
  }

  /** Hears everything from now on; what came before is in `log.batches`. Returns the way to stop. */
  subscribe(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Kills the program if it was launched, lets go of it if it was attached; the log stays readable. Idempotent. */
  dispose(): void {
    this.#link?.dispose();
    this.#link = null;
    this.#listeners.clear();
    this.#end();
  }

  #publish(batch: EventBatch): void {
    for (const listener of this.#listeners) listener.batch?.(batch);
  }

  #finish(error: string | undefined): void {
    this.#link = null;
    if (error !== undefined) {
      this.failure = error;
      for (const listener of this.#listeners) listener.failed?.(error);
    }
    this.#end();
  }
}
