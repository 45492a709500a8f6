import { type Policy, type PresetName, presetNames, presets } from '../../../core/contract/policies.ts';

const carveOutWords = (rule: string): string => {
  const [kind, a, b] = rule.split(':');
  switch (kind) {
    case 'slot':
      return 'slot';
    case 'tcb':
      return 'TCB';
    case 'dtv':
      return 'DTV';
    case 'below-tcb':
      return `${a} below`;
    case 'symbol':
      return `${b} of ${a}`;
    default:
      return rule;
  }
};

/** What a policy leaves shared for each thread: `slot, TCB`; `none`; `nothing tagged`. */
export function sharedWords(policy: Policy): string {
  if (!policy.tag) return 'nothing tagged';
  const words = policy.carveOuts.map(carveOutWords);
  if (policy.startupTcb && !policy.carveOuts.includes('tcb')) words.push('TCB of T1');
  return words.length === 0 ? 'none' : words.join(', ');
}

export const presetWords: Readonly<Record<PresetName, string>> = Object.fromEntries(
  presetNames.map((name) => [name, sharedWords(presets[name])]),
) as Record<PresetName, string>;

export const isPreset = (name: string): name is PresetName => (presetNames as readonly string[]).includes(name);
