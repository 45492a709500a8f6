import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { defaultRounding, type EngineLaunch, resolveModuleRule, resolvePolicy } from '../../core/contract/launch.ts';
import { UserError } from './errors.ts';
import { findProgram } from './find-program.ts';
import type { CheckedLaunch } from './load-launch.ts';

/** What a launch is resolved against. */
export interface LaunchScene {
  /** Begins every error line: the launch file's path, or what the person typed. */
  readonly where: string;
  /** Relative paths of the launch start here: the launch file's folder, or the working folder. */
  readonly base: string;
  /** Whether a launch file says so: then a bare name may lie beside the file. What a person types is looked up as a shell would. */
  readonly fromFile: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly helper: string;
  readonly hasPku: boolean;
  /** What the program reads; `empty` unless a terminal or pipe is passed on. */
  readonly input?: 'inherit' | 'empty';
  /** Debug mode of the engine (EngineLaunch.verify). */
  readonly verify?: boolean;
}

/** The folder that a launch file's relative paths start from. */
export const launchBase = (file: string): string => dirname(resolve(file));

/** Fills in what the engine needs: absolute paths, the whole environment, the policy as data. */
export function resolveLaunch(launch: CheckedLaunch, scene: LaunchScene): EngineLaunch {
  refuseWrongKeys(launch.keys, scene.hasPku, `${scene.where}: keys`);
  const env = { ...scene.env, ...launch.env };
  return {
    program: findProgram(launch.program, foldersFor(launch.program, scene), env.PATH, scene.where),
    args: launch.args,
    env: Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
    cwd: workingFolder(launch.cwd, scene),
    keys: launch.keys,
    gates: launch.gates,
    compartments: launch.compartments.map(({ key, name, modules }) => ({
      key,
      name,
      modules: modules.map(resolveModuleRule),
    })),
    policy: resolvePolicy(launch.policy),
    rounding: launch.rounding ?? defaultRounding(launch.gates),
    onFault: launch.onFault,
    tracerPolicy: launch.tracerPolicy,
    rseq: launch.rseq,
    pauseOn: launch.pauseOn,
    input: scene.input ?? 'empty',
    helper: scene.helper,
    ...(scene.verify ? { verify: true } : {}),
  };
}

/** Where a program is looked for before PATH. */
function foldersFor(program: string, { base, cwd, fromFile }: LaunchScene): string[] {
  if (program.includes('/')) return [...new Set([base, cwd])];
  return fromFile ? [base] : [];
}

/** The backend that was asked for has to exist on this machine; the reason is part of the answer. */
export function refuseWrongKeys(keys: CheckedLaunch['keys'], hasPku: boolean, where: string): void {
  if (keys === 'hardware' && !hasPku) {
    throw new UserError(
      `${where}: hardware needs a CPU and a kernel with protection keys, and this machine has none (allowed here: auto, emulated)`,
    );
  }
  if (keys === 'emulated' && hasPku) {
    throw new UserError(
      `${where}: emulated is refused on a CPU with protection keys, where a program's own WRPKRU runs unseen (allowed here: auto, hardware)`,
    );
  }
}

function workingFolder(cwd: string | undefined, scene: LaunchScene): string {
  const folder = resolve(scene.base, cwd ?? '.');
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return folder;
  throw new UserError(
    `${scene.where}: cwd: ${folder}: ${stat ? 'not a folder' : 'no such folder'}; must be the path of a folder`,
  );
}
