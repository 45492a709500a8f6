/** One program under the engine, by hand: what it wrote and what was logged, as they come. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { hex } from '../../core/contract/ids.ts';
import type { LaunchFile } from '../../core/contract/launch.ts';
import { EventLog } from '../../core/model/eventLog.ts';
import { History } from '../../core/model/history.ts';
import { recordSummary } from '../../core/model/summary.ts';
import type { World } from '../../core/model/world.ts';
import { checkLaunch } from '../../electron/session/load-launch.ts';
import { loadNative } from '../../electron/session/native.ts';
import { appPaths } from '../../electron/session/paths.ts';
import { resolveLaunch } from '../../electron/session/resolve.ts';
import { Session } from '../../electron/session/session.ts';
import { PATIENCE_MS } from './patience.ts';
import { root, shown } from './record.ts';

const paths = appPaths(root);
const native = loadNative(paths);

export class LiveProgram {
  log = new EventLog();
  output = '';
  #session: Session | null = null;

  /** Builds the target programs. */
  build(): void {
    execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
  }

  target(name: string): LaunchFile {
    return { program: join(root, 'build/targets', name), policy: 'observe' };
  }

  /** Launches, and keeps log and output. */
  start(launch: LaunchFile, base = root): Session {
    const where = 'the test';
    const scene = { where, base, fromFile: true, cwd: root, env: process.env, helper: paths.helper };
    const resolved = resolveLaunch(checkLaunch(launch, where), { ...scene, hasPku: native.hasPku() });
    this.log = new EventLog();
    this.output = '';
    const session = Session.launch(native, resolved, { kind: 'live', title: 'test', launchPath: null });
    for (const batch of session.log.batches) this.log.append(batch);
    session.subscribe({
      batch: (batch) => this.log.append(batch),
      output: (_stream, chunk) => {
        this.output += chunk.toString();
      },
    });
    this.#session = session;
    return session;
  }

  end(): void {
    this.#session?.dispose();
    this.#session = null;
  }

  /** Waits until `ready` holds; fails when it never does. */
  async until(what: string, ready: () => boolean): Promise<void> {
    for (const end = Date.now() + PATIENCE_MS; !ready(); ) {
      if (Date.now() > end) throw new Error(`${what} did not happen; the program said: ${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  count(kind: string): number {
    return this.log.length === 0 ? 0 : (recordSummary(this.log).events.byKind[kind] ?? 0);
  }

  world(): World {
    return new History(this.log).latest();
  }

  pid(): number {
    return this.log.at(0).pid;
  }

  /** The page whose address the program wrote under this name. */
  shown(name: string): { start: string; end: string } {
    const page = shown(this.output).get(name) ?? 0;
    return { start: hex(page), end: hex(page + 4096) };
  }
}
