import { lazy, type ReactNode, Suspense } from 'react';
import type { BottomView } from '../../store/layout.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { count } from '../../widgets/format.ts';
import { type Tab, Tabs } from '../../widgets/tabs.tsx';
import { FindingsView } from '../output/FindingsView.tsx';
import { OutputView } from '../output/OutputView.tsx';
import { TimelineLegend } from '../timelines/TimelineLegend.tsx';
import { Timelines } from '../timelines/Timelines.tsx';

/** The chart library is large; it comes with the first look at a chart. */
const RateView = lazy(() => import('../timelines/RateView.tsx'));

/** The bottom: timelines, and beside them what was found and what the program printed. */
export function BottomPanel(): ReactNode {
  const view = useKeyhole((s) => s.bottomView);
  const setView = useKeyhole((s) => s.setBottomView);
  const { counts } = useWorld();
  const tabs: readonly Tab<BottomView>[] = [
    { id: 'timelines', label: 'Timelines' },
    { id: 'rate', label: 'Event rate' },
    { id: 'findings', label: 'Findings', note: count(counts.finding) },
    { id: 'output', label: 'Output', note: count(counts.output) },
  ];
  return (
    <>
      <div className="bottom-head">
        <Tabs label="Below" tabs={tabs} current={view} onSelect={setView} />
        {view === 'timelines' ? <TimelineLegend /> : null}
      </div>
      {view === 'timelines' ? <Timelines /> : null}
      {view === 'rate' ? (
        <Suspense fallback={<p className="dim">Drawing…</p>}>
          <RateView />
        </Suspense>
      ) : null}
      {view === 'findings' ? <FindingsView /> : null}
      {view === 'output' ? <OutputView /> : null}
    </>
  );
}
