import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Drained, Engine, EngineReply, FileSymbols, Native } from '../../../core/contract/engine.ts';
import { causes, columnNames, type EventBatch, eventKinds, rules } from '../../../core/contract/events.ts';
import { findingClasses } from '../../../core/contract/findingClasses.ts';
import type { EngineAttach, EngineLaunch } from '../../../core/contract/launch.ts';
import { symbolKinds } from '../../../core/contract/symbols.ts';
import { emptyBatch } from '../../../core/contract/wire.ts';

/** A real pipe, because the session reads real descriptors. */
function pipe(): { read: number; write: number } {
  const folder = mkdtempSync(join(tmpdir(), 'keyhole-pipe-'));
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const write = openSync(path, constants.O_WRONLY);
  rmSync(folder, { recursive: true });
  return { read, write };
}

/** An engine that a test drives by hand: what it publishes is what the session takes. */
export class FakeEngine implements Engine {
  readonly launch: EngineLaunch;
  readonly commands: { id: number; command: unknown }[] = [];
  readonly #notify: () => void;
  readonly #out = pipe();
  readonly #err = pipe();
  readonly stdout = this.#out.read;
  readonly stderr = this.#err.read;
  #batches: EventBatch[] = [];
  #replies: EngineReply[] = [];
  #broken: string | null = null;
  #details = 0;
  #done = false;
  takes = 0;
  closed = 0;

  constructor(launch: EngineLaunch, notify: () => void) {
    this.launch = launch;
    this.#notify = notify;
  }

  publish(batch: EventBatch): void {
    this.#batches.push(batch);
    this.#notify();
  }

  reply(reply: EngineReply): void {
    this.#replies.push(reply);
    this.#notify();
  }

  write(stream: 'stdout' | 'stderr', bytes: string | Uint8Array): void {
    writeSync(stream === 'stdout' ? this.#out.write : this.#err.write, Buffer.from(bytes));
  }

  /** The program is gone: its ends of the pipes close and nothing more will come. */
  finish(): void {
    this.#hangUp();
    this.#done = true;
    this.#notify();
  }

  /** Only the engine is done; someone else still holds the pipes. */
  finishWithOpenPipes(): void {
    this.#done = true;
    this.#notify();
  }

  /** The next take throws. */
  break(error: string): void {
    this.#broken = error;
    this.#notify();
  }

  take(): Drained {
    this.takes += 1;
    if (this.#broken !== null) throw new Error(this.#broken);
    const batch = this.#batches.shift() ?? emptyBatch(this.#details + 1);
    this.#details += batch.details.length;
    const replies = this.#replies.splice(0);
    if (this.#batches.length > 0) this.#notify();
    return { batch, replies, done: this.#done && this.#batches.length === 0 };
  }

  command(id: number, json: string): void {
    this.commands.push({ id, command: JSON.parse(json) });
  }

  close(): void {
    this.closed += 1;
    this.#hangUp();
  }

  #hungUp = false;
  #hangUp(): void {
    if (this.#hungUp) return;
    this.#hungUp = true;
    closeSync(this.#out.write);
    closeSync(this.#err.write);
  }
}

/** A native addon whose engines are FakeEngines, for tests of what lies above the engine. */
export class FakeNative implements Native {
  readonly engines: FakeEngine[] = [];
  refuse: string | null = null;
  pku = false;

  get engine(): FakeEngine {
    const last = this.engines.at(-1);
    if (!last) throw new Error('nothing was launched');
    return last;
  }

  launch(config: string, notify: () => void): Engine {
    if (this.refuse !== null) throw new Error(this.refuse);
    const engine = new FakeEngine(JSON.parse(config) as EngineLaunch, notify);
    this.engines.push(engine);
    this.onLaunch?.(engine);
    return engine;
  }

  /** What a launched engine does by itself. */
  onLaunch: ((engine: FakeEngine) => void) | null = null;

  /** What was asked to be attached to, in order; the engines are the same. */
  readonly attached: EngineAttach[] = [];

  attach(config: string, notify: () => void): Engine {
    this.attached.push(JSON.parse(config) as EngineAttach);
    return this.launch(config, notify);
  }

  planTls(input: string): string {
    return JSON.stringify({ asked: JSON.parse(input) });
  }

  /** What files say, by their path; others cannot be read. */
  readonly files = new Map<string, FileSymbols>();
  /** The files that were read, in order. */
  readonly filesRead: string[] = [];

  fileSymbols(path: string): FileSymbols {
    const file = this.files.get(path);
    if (!file) throw new Error(`${path}: not an ELF file`);
    this.filesRead.push(path);
    return file;
  }

  /** Knows one name of C++. */
  demangled(symbol: string): string | null {
    return symbol === '_ZN2v87Isolate3NewEv' ? 'v8::Isolate::New()' : null;
  }

  names(): ReturnType<Native['names']> {
    return {
      kinds: [...eventKinds],
      causes: [...causes],
      rules: [...rules],
      columns: [...columnNames],
      symbols: [...symbolKinds],
      findings: [...findingClasses],
    };
  }

  hasPku(): boolean {
    return this.pku;
  }
}
