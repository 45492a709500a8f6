import type { ReactNode } from 'react';
import type { Explanation } from '../../../core/model/explain.ts';
import type { PolicyOutcome } from '../../../core/model/policyOutcome.ts';
import { useKeyhole } from '../../store/store.ts';
import { list } from '../../widgets/format.ts';
import { Head } from '../../widgets/term.tsx';

type Outcome = PolicyOutcome['outcome'];

const words: Readonly<Record<Outcome, string>> = { allowed: 'allowed', denied: '✕ denied', unknown: 'unknown' };

function Cell({ outcome }: { outcome: Outcome }): ReactNode {
  return <td className={outcome === 'denied' ? 'denied' : outcome === 'unknown' ? 'dim' : ''}>{words[outcome]}</td>;
}

/** One word for several threads: what they share, or the worst of it. */
const together = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.includes('denied') ? 'denied' : outcomes.includes('unknown') ? 'unknown' : 'allowed';

const named = (numbers: readonly number[]): string =>
  numbers.length > 3 ? `${numbers.length} others` : list(numbers.map((n) => `T${n}`)).replace(' and ', ', ');

/** What each preset would have made of this access, predicted by the planner's rules. */
export function UnderPolicies({
  explanation,
  inForce,
}: {
  explanation: Explanation;
  inForce: string | null;
}): ReactNode {
  const openPolicy = useKeyhole((s) => s.openPolicy);
  const { policies, site } = explanation;
  if (policies.length === 0 || explanation.facts.outcome === 'plain') return null;
  const own = (site.fieldOwner ?? site.thread)?.tid;
  const others = (policies[0]?.threads ?? []).filter((thread) => thread.tid !== own);
  const subject = policies[0]?.threads.find((thread) => thread.tid === own);
  return (
    <section className="card-part" aria-label="Under each policy">
      <table className="under">
        <thead>
          <tr>
            <Head text="Under each policy" />
            <th scope="col">{subject ? `T${subject.number}` : 'here'}</th>
            {others.length > 0 ? <th scope="col">{named(others.map((thread) => thread.number))}</th> : null}
            <Head text="pages left shared" num />
          </tr>
        </thead>
        <tbody>
          {policies.map((outcome) => (
            <tr key={outcome.policy} data-current={outcome.policy === inForce}>
              <th scope="row">
                <button
                  type="button"
                  title={`Show the steps of ${outcome.policy}`}
                  onClick={() => openPolicy(true, outcome.policy)}
                >
                  {outcome.policy}
                </button>
              </th>
              <Cell outcome={outcome.outcome} />
              {others.length > 0 ? (
                <Cell
                  outcome={together(
                    outcome.threads.filter((thread) => thread.tid !== own).map((thread) => thread.outcome),
                  )}
                />
              ) : null}
              <td className="num dim clip">{outcome.leavesShared}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
