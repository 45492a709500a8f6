/** The native addon, as the session sees it. `native/binding` implements exactly this. */
import type { EventBatch } from './events.ts';

export interface EngineReply {
  readonly id: number;
  readonly error?: string;
  /** JSON value of the answer; absent when there is nothing to say. */
  readonly value?: string;
}

export interface Drained {
  readonly batch: EventBatch;
  readonly replies: readonly EngineReply[];
  /** True once the engine has finished and nothing more will come. */
  readonly done: boolean;
}

export interface Engine {
  /** Take everything since the last call; never blocks. */
  take(): Drained;
  /** Queue a command (JSON of EngineCommand); its reply comes through `take`. */
  command(id: number, json: string): void;
  /** Kill every tracee we launched, let go of what was attached, and end the engine thread; idempotent. */
  close(): void;
  /** Read end of the pipe the program's stdout and stderr write to; -1 when attached. The caller closes them. */
  readonly stdout: number;
  readonly stderr: number;
}

/** The symbols of a module's file, in columns. Addresses are the file's own: bytes from the module's base. */
export interface FileSymbols {
  /** One after the other, each with a NUL at its end. */
  readonly names: string;
  readonly start: BigUint64Array;
  /** 0 = the file does not say. */
  readonly size: BigUint64Array;
  /** Index into symbolKinds. */
  readonly kind: Uint8Array;
  /** False where a file has more than are ever told. */
  readonly complete: boolean;
}

export interface Native {
  /** Throws an Error naming the program and the reason when it cannot be started. `notify` runs when `take` has something new. */
  launch(config: string, notify: () => void): Engine;
  /** The same for a process that runs already; `config` is JSON of EngineAttach. Closing lets go of it. */
  attach(config: string, notify: () => void): Engine;
  /** One planner call: JSON in (see plan-tls), `{"ops": …}` or `{"error": …}` JSON out. */
  planTls(input: string): string;
  /**
   * The functions and variables that a file of exactly that build id names ('': of none). Throws an Error that names the
   * file and the reason: it cannot be read, is no module, or is of another build.
   */
  fileSymbols(path: string, buildId: string): FileSymbols;
  /** What C++ calls a symbol; null where it is none of C++, or beyond reading. */
  demangled(symbol: string): string | null;
  /** The engine's own copies of the wire lists, for the test that holds them together. */
  names(): Record<'kinds' | 'causes' | 'rules' | 'columns' | 'symbols' | 'findings', string[]>;
  /** Whether this CPU and kernel have protection keys (OSPKE). */
  hasPku(): boolean;
}
