import { lazy, type ReactNode, Suspense } from 'react';
import type { BottomView } from '../../store/layout.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { waitingFor } from '../../store/waiting.ts';
import { count } from '../../widgets/format.ts';
import { type Tab, Tabs } from '../../widgets/tabs.tsx';
import { FindingsView } from '../output/FindingsView.tsx';
import { OutputView } from '../output/OutputView.tsx';
import { TimelineLegend } from '../timelines/TimelineLegend.tsx';
import { Timelines } from '../timelines/Timelines.tsx';
import { Awaited } from './Waiting.tsx';

/** The chart library is large; it comes with the first look at a chart. */
const RateView = lazy(() => import('../timelines/RateView.tsx'));

const bodies: Readonly<Record<BottomView, () => ReactNode>> = {
  timelines: () => <Timelines />,
  rate: () => (
    <Suspense fallback={<p className="dim">Drawing…</p>}>
      <RateView />
    </Suspense>
  ),
  findings: () => <FindingsView />,
  output: () => <OutputView />,
};

/** The bottom: timelines, and beside them what was found and what the program printed. */
export function BottomPanel(): ReactNode {
  const view = useKeyhole((s) => s.bottomView);
  const setView = useKeyhole((s) => s.setBottomView);
  const { counts, session } = useWorld();
  const waiting = useKeyhole((s) => waitingFor(s) !== null);
  const tabs: readonly Tab<BottomView>[] = [
    { id: 'timelines', label: 'Timelines' },
    { id: 'rate', label: 'Event rate' },
    { id: 'findings', label: 'Findings', note: waiting ? undefined : count(counts.finding) },
    { id: 'output', label: 'Output', note: waiting || session?.attached ? undefined : count(counts.output) },
  ];
  return (
    <>
      <div className="bottom-head">
        <Tabs label="Below" tabs={tabs} current={view} onSelect={setView} />
        {view === 'timelines' && !waiting ? <TimelineLegend /> : null}
      </div>
      {waiting ? (
        <Awaited>The run over time, what was found in it, and what the program prints.</Awaited>
      ) : (
        bodies[view]()
      )}
    </>
  );
}
