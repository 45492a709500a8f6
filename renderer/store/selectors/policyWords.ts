import { type PresetName, presetNames, presets } from '../../../core/contract/policies.ts';
import { sharedWords } from '../../../core/model/policyOutcome.ts';

/** What each preset leaves shared for a thread, in words: `shares slot, TCB`, `shares no page`, `tags nothing`. */
export const presetWords: Readonly<Record<PresetName, string>> = Object.fromEntries(
  presetNames.map((name) => {
    const words = sharedWords(presets[name]);
    return [name, !presets[name].tag ? 'tags nothing' : words === 'none' ? 'shares no page' : `shares ${words}`];
  }),
) as Record<PresetName, string>;

export const isPreset = (name: string): name is PresetName => (presetNames as readonly string[]).includes(name);
