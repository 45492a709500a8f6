import type { PlanStep } from '../../../core/contract/details.ts';
import { type PresetName, presetNames, presets } from '../../../core/contract/policies.ts';
import { sharedWords } from '../../../core/model/policyOutcome.ts';
import { rightOf } from '../../../core/model/rights.ts';
import type { World } from '../../../core/model/world.ts';
import { list } from '../../widgets/format.ts';

/** What each preset leaves shared for a thread, in words: `shares slot, TCB`, `shares no page`, `tags nothing`. */
export const presetWords: Readonly<Record<PresetName, string>> = Object.fromEntries(
  presetNames.map((name) => {
    const words = sharedWords(presets[name]);
    return [name, !presets[name].tag ? 'tags nothing' : words === 'none' ? 'shares no page' : `shares ${words}`];
  }),
) as Record<PresetName, string>;

export const isPreset = (name: string): name is PresetName => (presetNames as readonly string[]).includes(name);

/** Threads named one by one; of more, their number. */
const NAMED = 4;

/**
 * Which threads of a program that runs already would be denied at their next access to what the steps make private:
 * nobody gave them rights to these keys. Null where all have them, or the program was launched for its compartments.
 */
export function deniedAfter(latest: World, steps: readonly PlanStep[]): string | null {
  if (!latest.session?.attached) return null;
  const keys = [...new Set(steps.map((step) => step.key))].filter((key) => key !== 0);
  const closed = [...latest.threads.values()].filter(
    ({ state, rights }) =>
      state !== 'exited' && rights !== 'unknown' && keys.some((key) => rightOf(rights, key) === 'closed'),
  );
  if (closed.length === 0) return null;
  const who =
    closed.length > NAMED
      ? `${closed.length} threads have`
      : `${list(closed.map((thread) => `T${thread.number}`))} ${closed.length > 1 ? 'have' : 'has'}`;
  return `The program runs already, and ${who} no right to ${keys.length > 1 ? 'keys' : 'key'} ${list(keys.map(String))}: the next access to pages that get ${keys.length > 1 ? 'them' : 'it'} is denied, unless you change rights first.`;
}
