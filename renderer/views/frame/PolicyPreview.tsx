import { type ReactNode, useEffect } from 'react';
import type { PlanStep } from '../../../core/contract/details.ts';
import type { PresetName } from '../../../core/contract/policies.ts';
import { deniedAfter } from '../../store/selectors/policyWords.ts';
import { control, runAgain } from '../../store/session.ts';
import { useCanControl, useIsLive, useLatest } from '../../store/shown.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { usePlan } from '../../store/usePlan.ts';
import { Button, Failure } from '../../widgets/controls.tsx';
import { plural } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Head, Term } from '../../widgets/term.tsx';
import { Address, Bytes } from '../../widgets/value.tsx';

interface PolicyPreviewProps {
  readonly policy: PresetName;
  readonly inForce: string | null;
  readonly onDone: () => void;
}

/** The list of tags a policy would make now, and the buttons that make or undo them. */
export function PolicyPreview({ policy, inForce, onDone }: PolicyPreviewProps): ReactNode {
  const store = useStoreApi();
  const canControl = useCanControl();
  const live = useIsLive();
  const source = useKeyhole((s) => s.source);
  const plan = usePlan(canControl ? policy : null);
  const latest = useLatest();
  const ended = latest.phase.at === 'ended';
  const action = useAction();
  const again = source.kind === 'live' && !latest.session?.attached;
  const steps = plan.is === 'ready' ? plan.steps : [];
  const hint = deniedAfter(latest, steps);

  const apply = (): void =>
    action.run(async () => {
      await store.getState().command({ do: 'apply', policy });
      onDone();
    });
  const ready = canControl && live && plan.is === 'ready' && !action.busy;

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey && event.key === 'Enter' && ready) {
        event.preventDefault();
        apply();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });

  return (
    <section className="policy-preview" aria-label={`Steps of ${policy}`}>
      {canControl ? (
        <PlanWords policy={policy} plan={plan.is} why={plan.is === 'none' ? plan.why : ''} steps={steps} />
      ) : (
        <p className="ink2">
          {source.kind === 'snapshot'
            ? 'This is a saved session: its policies can be read, not changed.'
            : again
              ? `The program has ended. Run it again to see it under ${policy}.`
              : 'The program has ended.'}
        </p>
      )}
      {steps.length > 0 ? (
        <div className="policy-steps">
          <table>
            <thead>
              <tr>
                <Head text="Range" />
                <Head text="Key" />
                <Head text="Rule" />
                <Head text="What" />
                <Head text="Size" num />
              </tr>
            </thead>
            <tbody>
              {steps.map((step) => (
                <tr key={`${step.start}-${step.end}-${step.key}-${step.rule}`}>
                  <td>
                    <Address at={Number(step.start)} />
                  </td>
                  <td>
                    <KeyChip k={step.key} />
                  </td>
                  <td>
                    <Term of={step.rule} />
                  </td>
                  <td>{step.what}</td>
                  <td className="num">
                    <Bytes n={Number(step.end) - Number(step.start)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {hint === null || !canControl ? null : <p className="policy-hint">{hint}</p>}
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
      <div className="policy-actions">
        {ended && again ? (
          <Button
            variant="primary"
            disabled={action.busy}
            onClick={() =>
              action.run(async () => {
                await runAgain(store, policy);
                onDone();
              })
            }
          >
            Run again under {policy}
          </Button>
        ) : (
          <Button variant="primary" shortcut="Ctrl ↵" disabled={!ready} onClick={apply}>
            Apply {policy}
          </Button>
        )}
        <Button
          shortcut="Ctrl Z"
          disabled={!canControl || !live || inForce === null || action.busy}
          onClick={() => action.run(() => control(store, 'revert'))}
        >
          Revert last step
        </Button>
        {canControl && !live ? <span className="dim">The past is read-only: go live first.</span> : null}
      </div>
    </section>
  );
}

interface PlanWordsProps {
  readonly policy: PresetName;
  readonly plan: 'loading' | 'none' | 'ready';
  readonly why: string;
  readonly steps: readonly PlanStep[];
}

function PlanWords({ policy, plan, why, steps }: PlanWordsProps): ReactNode {
  if (plan === 'loading') return <p className="dim">Planning…</p>;
  if (plan === 'none') return <p className="ink2">No plan: {why}.</p>;
  if (steps.length === 0) return <p className="ink2">Applying {policy} now would change no tag.</p>;
  const total = steps.reduce((sum, step) => sum + Number(step.end) - Number(step.start), 0);
  return (
    <p className="ink2">
      Applying <strong>{policy}</strong> now makes {plural(steps.length, 'tag')} over <Bytes n={total} />. Each is
      recorded with its rule and can be reverted.
    </p>
  );
}
