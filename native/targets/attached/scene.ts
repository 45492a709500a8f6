/** Programs and sessions of one scenario, and what the target `holds_keys` tells about itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Native } from '../../../core/contract/engine.ts';
import { checkLaunch } from '../../../electron/session/load-launch.ts';
import { Host, type Run } from '../host.ts';
import { type Running, start, until } from './running.ts';
import { Watched } from './watched.ts';

/** A key that the program does not use itself: that of the compartment. */
export const OURS = 5;

export class Scene {
  readonly #native: Native;
  readonly #root: string;
  readonly #running: Running[] = [];
  readonly #watched: Watched[] = [];

  constructor(native: Native, root: string) {
    this.#native = native;
    this.#root = root;
  }

  async start(name: string, args: readonly string[] = []): Promise<Running> {
    const running = await start(join(this.#root, 'build/targets', name), args);
    this.#running.push(running);
    return running;
  }

  /** Launches it in debug mode and watches it to its end. */
  record(name: string, args: readonly string[]): Promise<Run> {
    const launch = { program: join(this.#root, 'build/targets', name), args: [...args], policy: 'observe' as const };
    return new Host(this.#root).run(launch, { limitMs: 60_000, verify: true });
  }

  /** Attaches with the program itself as a compartment; nothing is applied unless a policy is named. */
  attach(pid: number, policy?: 'split', key = OURS): Watched {
    const compartments = [{ key, name: 'program', modules: ['main'] }];
    const file = { program: 'x', policy: 'observe' as const, rounding: 'padded' as const, compartments };
    const wishes = { keys: 'hardware' as const, launch: checkLaunch(file, 'test'), policy };
    const watched = new Watched(this.#native, this.#root, pid, wishes);
    this.#watched.push(watched);
    return watched;
  }

  /** A host of its own, which may be killed. */
  host(pid: number): ChildProcess {
    return spawn(process.execPath, [join(this.#root, 'dist/cli.mjs'), 'attach', String(pid)], { stdio: 'ignore' });
  }

  /** What the programs wrote and the sessions saw last, for whoever has to find out what went wrong. */
  story(): string {
    const written = this.#running.map((running) => `${running.pid} wrote ${JSON.stringify(running.output())}`);
    const kinds = ['fault', 'signal', 'finding', 'process-exit', 'detach'];
    const seen = this.#watched.flatMap(({ log }) =>
      [...Array(log.length).keys()]
        .filter((row) => kinds.includes(log.kind(row)))
        .slice(-8)
        .map((row) => `${log.kind(row)} ${log.at(row).tid} ${log.rawDetail(row)}`),
    );
    return [...written, ...seen].join('\n');
  }

  clear(): void {
    for (const watched of this.#watched.splice(0)) watched.session.dispose();
    for (const running of this.#running.splice(0)) running.kill();
  }
}

export interface Report {
  /** The rights of each thread, and how many keys are free. */
  readonly state: string;
  /** How often Keyhole's key denied it what is its own, and the last such key. */
  readonly denied: number;
  readonly by: number;
}

/** What `holds_keys` says of itself when asked. */
export async function report(program: Running): Promise<Report> {
  const said = () => program.output().match(/^main=.*\n/gm) ?? [];
  const before = said().length;
  program.tell('report');
  await until('a report', () => said().length > before);
  const [, state = '', denied, by] = /^(.*) denied=(\d+) by=(\d+)$/m.exec(said().at(-1) ?? '') ?? [];
  return { state, denied: Number(denied), by: Number(by) };
}

/** Waits until `holds_keys` is done with what it begins with. */
export async function settled(scene: Scene): Promise<Running> {
  const program = await scene.start('holds_keys');
  await program.said('ready');
  await report(program);
  return program;
}

/** The `name=0x…` that the program printed. */
export const place = (program: Running, name: string): number =>
  Number(new RegExp(`^${name}=(0x[0-9a-f]+)$`, 'm').exec(program.output())?.[1]);
