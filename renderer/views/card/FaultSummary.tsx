import type { ReactNode } from 'react';
import type { EventIndex } from '../../../core/contract/ids.ts';
import type { Explanation } from '../../../core/model/explain.ts';
import { changeWords } from '../../../core/model/keyHistory.ts';
import { fixSince } from '../../store/selectors/fixSince.ts';
import { useKeyhole } from '../../store/store.ts';
import { Label, Ruled } from '../../widgets/term.tsx';
import { Address, Time } from '../../widgets/value.tsx';

/** Page, owner and fix; the fix is the heaviest block of the card. */
export function FaultSummary({ explanation, index }: { explanation: Explanation; index: EventIndex }): ReactNode {
  const { page, owner, fix } = explanation;
  const last = explanation.keyHistory.at(-1);
  const applied = useFixApplied(explanation, index);
  return (
    <dl className="fault-summary">
      <div>
        <dt>Page</dt>
        <dd>
          <strong>{page.title}</strong> <Address at={page.start} full />
        </dd>
      </div>
      <div>
        <dt>
          <Label text="Owner" />
        </dt>
        <dd>
          {owner ? (
            <>
              <strong>{owner.name ?? 'no compartment'}</strong>, key {owner.key}{' '}
            </>
          ) : (
            <strong>unknown </strong>
          )}
          <span className="dim">
            <Ruled text={last ? changeWords(last) : ''} />
          </span>
        </dd>
      </div>
      {fix ? (
        <div className="fix">
          <dt>Fix</dt>
          <dd>
            <FixText policy={fix.policy} text={fix.text} />
            {applied ? <span className="fix-note">{applied}</span> : null}
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

function FixText({ policy, text }: { policy: string | null; text: string }): ReactNode {
  return policy && text.startsWith(policy) ? (
    <span>
      <strong>{policy}</strong>
      <Ruled text={text.slice(policy.length)} />
    </span>
  ) : (
    <span>
      <Ruled text={text} />
    </span>
  );
}

/** Whether the fix was applied after the fault, what took its place, whether the like came again; null when it was not. */
function useFixApplied({ fix, page }: Explanation, index: EventIndex): ReactNode {
  const log = useKeyhole((s) => s.log);
  const length = useKeyhole((s) => s.length);
  const since = fix?.policy ? fixSince(log, fix.policy, page.start, index, length - 1) : null;
  if (!since) return null;
  const { applied, replaced, again } = since;
  return (
    <>
      applied at <Time ns={log.time(applied)} unit />,{' '}
      {replaced ? (
        <>
          {replaced.policy} since <Time ns={log.time(replaced.row)} unit />
        </>
      ) : again ? (
        'and denied again since'
      ) : (
        'no such fault since'
      )}
    </>
  );
}
