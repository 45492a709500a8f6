import { type Policy, type PresetName, policySchema, presetNames } from '../../core/contract/policies.ts';
import type { FlagValue } from './usage.ts';

/** A preset's name or a policy object in JSON. */
export const policyValue: FlagValue<PresetName | Policy> = {
  allowed: `one of ${presetNames.join(', ')}, or a policy object as JSON`,
  parse(text) {
    const preset = presetNames.find((name) => name === text);
    if (preset !== undefined) return preset;
    try {
      return policySchema.safeParse(JSON.parse(text)).data;
    } catch {
      return undefined;
    }
  },
};
