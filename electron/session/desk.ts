import type { Native } from '../../core/contract/engine.ts';
import type { EngineAttach, EngineLaunch } from '../../core/contract/launch.ts';
import type { HostName, Source, ToRenderer } from '../../core/contract/messages.ts';
import { messageOf } from './errors.ts';
import type { AppPaths } from './paths.ts';
import type { RecentLaunches } from './recent.ts';
import { Session } from './session.ts';
import type { Snapshot } from './snapshot.ts';
import { SymbolFiles } from './symbol-files.ts';

/** What a host (Electron, server) brings along. */
export interface DeskKit {
  readonly native: Native;
  readonly paths: AppPaths;
  readonly host: HostName;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What was launched before; absent where nothing is remembered. */
  readonly recent?: RecentLaunches;
  /** Asks the person where to save; null = thought better of it. Absent where the host has no dialog. */
  chooseSavePath?(suggested: string): Promise<string | null>;
}

/**
 * The one current session and everyone who watches it. A new launch or an opened snapshot replaces the session for
 * all viewers; a viewer who comes late is sent the whole log first.
 */
export class Desk {
  readonly kit: DeskKit;
  /** What the files of modules name. */
  readonly symbols: SymbolFiles;
  #session: Session | null = null;
  #startError: string | null = null;
  readonly #viewers = new Set<(message: ToRenderer) => void>();

  constructor(kit: DeskKit) {
    this.kit = kit;
    this.symbols = new SymbolFiles(kit.native);
  }

  get session(): Session | null {
    return this.#session;
  }

  /** Adds a viewer and tells it everything so far. Returns the way to leave. */
  attach(send: (message: ToRenderer) => void): () => void {
    const { host, paths, native } = this.kit;
    send({ type: 'hello', host, version: paths.version, hasPku: native.hasPku() });
    send(this.#source());
    for (const batch of this.#session?.log.batches ?? []) send({ type: 'batch', batch });
    const error = this.#session?.failure ?? this.#startError;
    if (error !== null) send({ type: 'failed', error });
    this.#viewers.add(send);
    return () => this.#viewers.delete(send);
  }

  /** Starts a program; the session before it is closed. Throws a UserError and keeps the old session otherwise. */
  launch(launch: EngineLaunch, source: Source): void {
    this.#replace(Session.launch(this.kit.native, launch, source));
  }

  /** Attaches to a process; otherwise as `launch`. */
  attachTo(attach: EngineAttach, source: Source): void {
    this.#replace(Session.attach(this.kit.native, attach, source));
  }

  show(snapshot: Snapshot, title: string): void {
    this.#replace(Session.open(snapshot, title));
  }

  /** No session any more; what it watched is killed or let go of. */
  close(): void {
    this.#session?.dispose();
    this.#session = null;
    this.#startError = null;
    this.#tell(this.#source());
  }

  /** Runs what the person asked for when starting Keyhole; an error waits for the first viewer, and is returned. */
  start(work: () => void): string | null {
    try {
      work();
      return null;
    } catch (thrown) {
      this.#startError = messageOf(thrown);
      this.#tell({ type: 'failed', error: this.#startError });
      return this.#startError;
    }
  }

  dispose(): void {
    this.#viewers.clear();
    this.#session?.dispose();
    this.#session = null;
  }

  #replace(session: Session): void {
    this.#session?.dispose();
    this.#session = session;
    this.#startError = null;
    this.#tell(this.#source());
    for (const batch of session.log.batches) this.#tell({ type: 'batch', batch });
    session.subscribe({
      batch: (batch) => this.#tell({ type: 'batch', batch }),
      failed: (error) => this.#tell({ type: 'failed', error }),
    });
  }

  #source(): ToRenderer {
    if (!this.#session) return { type: 'source', source: { kind: 'none' } };
    return { type: 'source', source: this.#session.origin.source, log: this.#session.id };
  }

  #tell(message: ToRenderer): void {
    for (const send of this.#viewers) send(message);
  }
}
