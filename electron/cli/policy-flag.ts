import { type Policy, type PresetName, policySchema, presetNames } from '../../core/contract/policies.ts';

export const policyAllowed = `one of ${presetNames.join(', ')}, or a policy object as JSON`;

/** A preset's name or a policy object in JSON; undefined for anything else. */
export function parsePolicy(text: string): PresetName | Policy | undefined {
  const preset = presetNames.find((name) => name === text);
  if (preset !== undefined) return preset;
  try {
    return policySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
