import { type ReactNode, useMemo } from 'react';
import type { EventIndex } from '../../../core/contract/ids.ts';
import { explainFault } from '../../../core/model/explain.ts';
import { keyHistory } from '../../../core/model/keyHistory.ts';
import { faultTitle, headline, siCodeWords } from '../../store/selectors/headline.ts';
import { useLatest, useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { Cross } from '../../widgets/controls.tsx';
import { KeyChip } from '../../widgets/key.tsx';
import { copies, Time } from '../../widgets/value.tsx';
import { FaultClassLink } from '../ClassLink.tsx';
import { Callers, Registers } from './Callers.tsx';
import { FaultActions } from './FaultActions.tsx';
import { FaultEvidence } from './FaultEvidence.tsx';
import { FaultSummary } from './FaultSummary.tsx';
import { Card, KeyHistory, Part } from './parts.tsx';
import { UnderPolicies } from './UnderPolicies.tsx';

/** A fault: the sentence, the page, its owner and the fix; then the evidence, from instruction to policies. */
export function FaultCard({ index }: { index: EventIndex }): ReactNode {
  const log = useKeyhole((s) => s.log);
  const history = useKeyhole((s) => s.history);
  const world = useWorld();
  const latest = useLatest();
  const explanation = useMemo(() => explainFault(log, history.at(index), index), [log, history, index]);
  const { site, facts, sentence } = explanation;
  const row = log.at(index);
  const tagged = latest.counts.tag + latest.counts.map + latest.counts.unmap;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only tags and maps can change a page's key
  const changes = useMemo(() => keyHistory(log, row.pid, site.page), [log, row.pid, site.page, tagged]);
  const thread = site.thread;

  return (
    <Card
      label="Fault card"
      title={
        <>
          {facts.outcome === 'plain' ? null : <Cross />}
          <strong>{faultTitle(explanation)}</strong>
        </>
      }
      note={<FaultClassLink of={explanation.class} />}
      aside={`fault ${history.at(index).counts.fault} of ${latest.counts.fault}`}
      actions={<FaultActions explanation={explanation} index={index} />}
    >
      <h2 className="headline">
        {headline(explanation).map((part, i) =>
          typeof part === 'string' ? (
            part
          ) : (
            // The parts of a sentence have a fixed order.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <span key={i} className="key-name">
              <KeyChip k={part.key} size="large" /> {part.name}
            </span>
          ),
        )}
      </h2>
      <FaultSummary explanation={explanation} index={index} />
      <FaultEvidence explanation={explanation} siCode={siCodeWords(explanation)} world={history.at(index)} />
      <KeyHistory
        changes={changes}
        now={world.index < index ? world.index : index}
        middle={
          <>
            <span className="mono">
              <Time ns={row.time} />
            </span>
            <KeyChip k={explanation.owner?.key ?? null} />
            <span className="denied">
              {faultTitle(explanation)}
              {thread ? `, T${thread.number}` : ''}
            </span>
            <span>{world.index === index ? 'this instant' : 'this fault'}</span>
          </>
        }
      />
      <UnderPolicies explanation={explanation} inForce={history.at(index).policy?.name ?? null} />
      <Part title="In one sentence" aside={explanation.class}>
        <p className="ink2 card-sentence" {...copies(sentence, 'the fault in one sentence')}>
          {sentence}.
        </p>
        <p className="dim card-sentence">{explanation.meaning}</p>
      </Part>
      <Callers facts={facts} />
      <Registers facts={facts} />
    </Card>
  );
}
