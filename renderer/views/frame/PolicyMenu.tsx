import { ChevronDown } from 'lucide-react';
import { type ReactNode, useCallback } from 'react';
import { presetNames } from '../../../core/contract/policies.ts';
import { presetWords } from '../../store/selectors/policyWords.ts';
import { useLatest, useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { Popover } from '../../widgets/popover.tsx';
import { Glossed } from '../../widgets/term.tsx';
import { Time } from '../../widgets/value.tsx';
import { PolicyPreview } from './PolicyPreview.tsx';

/** What is said where no policy is in force. */
const unapplied = (observed: boolean, launched: string | null): string =>
  observed ? 'only observed' : launched === null ? 'nothing tagged' : 'not applied yet';

/** The policy in force now, and at the instant if it differs; choosing one shows its steps before anything changes. */
export function PolicyMenu(): ReactNode {
  const latest = useLatest();
  const world = useWorld();
  const open = useKeyhole((s) => s.policyOpen);
  const openPolicy = useKeyhole((s) => s.openPolicy);
  const current = useKeyhole((s) => s.overlay);
  const setOverlay = useKeyhole((s) => s.setOverlay);
  const onOpen = useCallback((next: boolean) => openPolicy(next), [openPolicy]);
  const inForce = latest.policy?.name ?? null;
  const launched = latest.session?.policy ?? null;
  const observed = latest.session?.keys === 'none';
  const name = inForce ?? (observed ? 'none' : (launched ?? 'none'));

  const note =
    world.policy?.name !== latest.policy?.name ? (
      `shown: ${world.policy?.name ?? 'none'}`
    ) : latest.policy ? (
      <>
        since <Time ns={latest.policy.time} unit />
      </>
    ) : (
      unapplied(observed, launched)
    );

  return (
    <Popover
      open={open}
      onOpen={onOpen}
      align="right"
      className="policy-button"
      name="Policy"
      disabled={latest.index < 0}
      label={
        <>
          <span>
            <span className="policy-name">
              Policy <strong>{name}</strong>
            </span>
            <span className="policy-note clip">{note}</span>
          </span>
          <ChevronDown size={12} aria-hidden="true" />
        </>
      }
    >
      {(close) => (
        <div className="policy-panel">
          <div className="policy-list" role="radiogroup" aria-label="Policies">
            <p className="dim policy-told">
              <Glossed text="Each preset, and what it leaves shared" words={['preset', 'shared', 'slot']} />
            </p>
            {presetNames.map((policy) => (
              <label key={policy} className="policy-option" data-chosen={policy === current}>
                <input
                  type="radio"
                  name="policy"
                  className="visually-hidden"
                  value={policy}
                  checked={policy === current}
                  onChange={() => setOverlay(policy)}
                />
                <strong>{policy}</strong>
                <span className="dim">{policy === inForce ? 'in force' : ''}</span>
                <span className="dim policy-shares">{presetWords[policy]}</span>
              </label>
            ))}
          </div>
          <PolicyPreview policy={current} inForce={inForce} onDone={close} />
        </div>
      )}
    </Popover>
  );
}
