import type { ReactNode } from 'react';
import type { PlanStep } from '../../../core/contract/details.ts';
import { asPid } from '../../../core/contract/ids.ts';
import { useKeyhole } from '../../store/store.ts';
import { plural } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Address, Bytes } from '../../widgets/value.tsx';
import { Part } from './parts.tsx';

/** The tags of one policy step, each with its rule. */
export function PolicySteps({ steps, pid }: { steps: readonly PlanStep[]; pid: number }): ReactNode {
  const select = useKeyhole((s) => s.select);
  return (
    <Part title="Steps" aside={plural(steps.length, 'tag')}>
      {steps.length === 0 ? <p className="dim">Nothing had to be tagged.</p> : null}
      <ul>
        {steps.map((step) => (
          <li key={`${step.start}-${step.rule}-${step.key}`}>
            <button
              type="button"
              className="card-row step-row"
              onClick={() => select({ kind: 'page', pid: asPid(pid), addr: Number(step.start) })}
            >
              <KeyChip k={step.key} />
              <Address at={Number(step.start)} />
              <span>{step.rule}</span>
              <span className="clip ink2" title={step.what}>
                {step.what}
              </span>
              <span className="dim">
                <Bytes n={Number(step.end) - Number(step.start)} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Part>
  );
}
