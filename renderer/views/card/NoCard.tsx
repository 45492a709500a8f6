import type { ReactNode } from 'react';
import { crossingWords } from '../../store/selectors/crossingWords.ts';
import { phaseWords, useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { Button } from '../../widgets/controls.tsx';
import { count } from '../../widgets/format.ts';
import { Card, Facts } from './parts.tsx';

/** Nothing selected and no fault so far: where the run stands and what to do next. */
export function NoCard(): ReactNode {
  const world = useWorld();
  const failure = useKeyhole((s) => s.failure);
  const openPolicy = useKeyhole((s) => s.openPolicy);
  const { head, rest } = phaseWords(world.phase, failure);
  const observed = world.session?.keys === 'none';
  const ended = world.phase.at === 'ended';
  return (
    <Card
      label="Session card"
      title={<strong>No denied access so far</strong>}
      actions={observed ? null : <Button onClick={() => openPolicy(true)}>Choose a policy…</Button>}
    >
      <h2 className="headline">
        {ended
          ? `${head}, ${rest}. No access was denied.`
          : observed
            ? 'Only observed: no page has a key, so no access is denied.'
            : 'Every access so far was allowed.'}
      </h2>
      <p className="ink2">
        Select a page, a thread, a key or a mark on the timelines to see its card. A denied access opens its card here
        by itself.
      </p>
      <Facts
        facts={[
          ['Policy', world.policy?.name ?? (observed ? 'none can be applied' : 'none applied yet')],
          ['Gate crossings', crossingWords(world)],
          ['Tags', count(world.counts.tag)],
          ['Findings', count(world.counts.finding)],
        ]}
      />
    </Card>
  );
}
