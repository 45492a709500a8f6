/** One host for many runs: what `keyhole record` does, without a process for each. */
import type { Native } from '../../core/contract/engine.ts';
import type { LaunchFile } from '../../core/contract/launch.ts';
import type { RecordSummary } from '../../core/contract/record.ts';
import { EventLog } from '../../core/model/eventLog.ts';
import { recordSummary } from '../../core/model/summary.ts';
import { checkLaunch } from '../../electron/session/load-launch.ts';
import { loadNative } from '../../electron/session/native.ts';
import { type AppPaths, appPaths } from '../../electron/session/paths.ts';
import { resolveLaunch } from '../../electron/session/resolve.ts';
import { Session } from '../../electron/session/session.ts';
import { saveSnapshot } from '../../electron/session/snapshot.ts';

export interface Run {
  /** stdout and stderr together. */
  readonly output: string;
  readonly summary: RecordSummary;
}

export interface RunOptions {
  readonly limitMs: number;
  /** Where the recording is saved. */
  readonly snapshot?: string;
  /** The engine's debug mode: its map is held to the kernel's at every stop. */
  readonly verify?: boolean;
}

export class Host {
  readonly native: Native;
  readonly #paths: AppPaths;

  /** Over the built engine of the repository at `root`. */
  constructor(root: string) {
    this.#paths = appPaths(root);
    this.native = loadNative(this.#paths);
  }

  /** Runs a program to its end. Throws when it took too long or the engine failed. */
  async run(launch: LaunchFile, { limitMs, snapshot, verify }: RunOptions): Promise<Run> {
    const { root, helper, version } = this.#paths;
    const scene = { where: 'launch', base: root, fromFile: false, cwd: root, env: process.env, helper };
    const hasPku = this.native.hasPku();
    const resolved = resolveLaunch(checkLaunch(launch, 'launch'), { ...scene, hasPku, verify: verify === true });
    const session = Session.launch(this.native, resolved, { kind: 'live', title: launch.program, launchPath: null });
    const parts: Buffer[] = [];
    session.subscribe({ output: (_stream, chunk) => parts.push(chunk) });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      session.dispose();
    }, limitMs);
    await session.ended;
    clearTimeout(timer);
    const output = Buffer.concat(parts).toString('utf8');
    if (late) throw new Error(`no end within ${limitMs / 1000} s; the program wrote:\n${output}`);
    if (session.failure !== null) throw new Error(session.failure);
    if (snapshot !== undefined) await saveSnapshot(session, snapshot, version);
    const log = new EventLog();
    for (const batch of session.log.batches) log.append(batch);
    return { output, summary: recordSummary(log) };
  }
}
