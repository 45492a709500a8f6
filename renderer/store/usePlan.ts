import { useEffect, useState } from 'react';
import { type PlanStep, planStep } from '../../core/contract/details.ts';
import type { PresetName } from '../../core/contract/policies.ts';
import { useCanControl, useLatest } from './shown.ts';
import { useKeyhole, useStoreApi } from './store.ts';

export type Plan =
  | { readonly is: 'loading' }
  /** The engine's own words why there is no plan. */
  | { readonly is: 'none'; readonly why: string }
  | { readonly is: 'ready'; readonly policy: PresetName; readonly steps: readonly PlanStep[] };

/**
 * What the engine would tag now under a policy. Asked again when a policy step, a thread or a module changed what it
 * would say; it is a word about the live edge, never about a past instant.
 */
export function usePlan(policy: PresetName | null): Plan {
  const store = useStoreApi();
  const canControl = useCanControl();
  const latest = useLatest();
  const [plan, setPlan] = useState<Plan>({ is: 'loading' });
  const epoch = useKeyhole((s) => s.log);
  const { counts } = latest;
  const changed = `${counts.policy}/${counts['thread-birth']}/${counts['module-load']}/${latest.phase.at}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `changed` and `epoch` say when to ask again
  useEffect(() => {
    if (policy === null) return;
    if (!canControl) {
      setPlan({ is: 'none', why: 'the program has ended; a plan needs a live one' });
      return;
    }
    let wanted = true;
    store
      .getState()
      .command({ do: 'plan', policy })
      .then((value) => {
        if (wanted) setPlan({ is: 'ready', policy, steps: planStep.array().parse(value) });
      })
      .catch((error: unknown) => {
        if (wanted) setPlan({ is: 'none', why: error instanceof Error ? error.message : String(error) });
      });
    return () => {
      wanted = false;
    };
  }, [policy, canControl, changed, epoch, store]);
  // The answer for another policy is still on its way out.
  return plan.is === 'ready' && plan.policy !== policy ? { is: 'loading' } : plan;
}
