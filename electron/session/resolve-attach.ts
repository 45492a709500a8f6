import { type EngineAttach, type EngineLaunch, resolveModuleRule, resolvePolicy } from '../../core/contract/launch.ts';
import { presets } from '../../core/contract/policies.ts';
import { UserError } from './errors.ts';
import type { CheckedLaunch } from './load-launch.ts';

/** What an attachment is resolved against. */
export interface AttachScene {
  /** Begins an error line about the keys. */
  readonly where: string;
  readonly helper: string;
  readonly hasPku: boolean;
}

export const observeOnly =
  'observe-only: this CPU has no protection keys, and a running program cannot be given emulated ones; nothing is changed in it';

/** What may be asked of an attachment; compartments, rounding and the rest come from a launch file's own fields. */
export interface AttachWishes {
  readonly keys: EngineLaunch['keys'];
  readonly policy?: CheckedLaunch['policy'] | undefined;
  readonly launch?: CheckedLaunch | undefined;
}

/** Fills in what the engine needs to attach. Nothing is applied unless a policy is named. */
export function resolveAttach(pid: number, wishes: AttachWishes, scene: AttachScene): EngineAttach {
  if (wishes.keys === 'emulated') {
    throw new UserError(
      `${scene.where}: emulated keys need a system-call filter, which only a launch can install (allowed here: auto, hardware)`,
    );
  }
  if (wishes.keys === 'hardware' && !scene.hasPku) {
    throw new UserError(
      `${scene.where}: hardware needs a CPU and a kernel with protection keys, and this machine has none (allowed here: auto, which observes)`,
    );
  }
  const { launch } = wishes;
  if (launch?.gates === 'virtual') {
    throw new UserError('gates: virtual gates are made at a launch; a program that runs already has only its own');
  }
  const policy = wishes.policy ?? launch?.policy;
  return {
    pid,
    keys: wishes.keys,
    compartments: (launch?.compartments ?? []).map(({ key, name, modules }) => ({
      key,
      name,
      modules: modules.map(resolveModuleRule),
    })),
    policy: policy === undefined ? presets.observe : resolvePolicy(policy),
    rounding: launch?.rounding ?? 'padded',
    onFault: launch?.onFault ?? 'deliver',
    helper: scene.helper,
  };
}
