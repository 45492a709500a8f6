/** Runs a program once, by itself or under Keyhole, and answers what it said and how long it took. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EngineLaunch, LaunchFile } from '../core/contract/launch.ts';
import { checkLaunch, loadLaunch } from '../electron/session/load-launch.ts';
import { launchBase, resolveLaunch } from '../electron/session/resolve.ts';
import { Session } from '../electron/session/session.ts';
import type { Kit } from './kit.ts';

export interface Ran {
  readonly output: string;
  readonly seconds: number;
}

/** A launch as the engine takes it. `file` is where relative paths start, or a launch file to read. */
export function resolved(kit: Kit, launch: LaunchFile | string): EngineLaunch {
  const file = typeof launch === 'string' ? launch : join(kit.root, 'bench/launch.json');
  return resolveLaunch(typeof launch === 'string' ? loadLaunch(launch) : checkLaunch(launch, file), {
    where: file,
    base: launchBase(file),
    fromFile: true,
    cwd: kit.root,
    env: process.env,
    helper: kit.paths.helper,
    hasPku: kit.native.hasPku(),
  });
}

/** By itself, or under whatever `command` begins with. Throws, with what it said on stderr, unless it ends well. */
export async function runPlain(
  command: readonly string[],
  place: { readonly cwd?: string; readonly env?: readonly string[] } = {},
): Promise<Ran> {
  const [program = '', ...args] = command;
  const env = place.env && Object.fromEntries(place.env.map((entry) => entry.split(/=(.*)/s, 2)));
  const start = performance.now();
  const child = spawn(program, args, { cwd: place.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const [code, signal] = await once(child, 'close');
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${signal ?? code}: ${errors.slice(-300)}`);
  return { output, seconds };
}

/** A session whose output is kept. */
export function startKeyhole(kit: Kit, launch: EngineLaunch): { session: Session; output: () => string } {
  const session = Session.launch(kit.native, launch, { kind: 'live', title: launch.program, launchPath: null });
  let output = '';
  session.subscribe({
    output: (_stream, chunk) => {
      output += chunk.toString();
    },
  });
  return { session, output: () => output };
}

/** Under Keyhole, to its end. */
export async function runKeyhole(kit: Kit, launch: EngineLaunch): Promise<Ran> {
  const start = performance.now();
  const { session, output } = startKeyhole(kit, launch);
  await session.ended;
  const seconds = (performance.now() - start) / 1000;
  session.dispose();
  if (session.failure !== null) throw new Error(`${launch.program}: the engine failed: ${session.failure}`);
  return { output: output(), seconds };
}

/** What a program of the bench measured, in microseconds. */
export function printedMicroseconds({ output }: Ran): number {
  const printed = /^ns=([0-9.]+)$/m.exec(output)?.[1];
  if (printed === undefined) throw new Error(`expected ns=… from the program, got: ${output.slice(0, 200)}`);
  return Number(printed) / 1000;
}
