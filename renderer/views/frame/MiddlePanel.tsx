import type { ReactNode } from 'react';
import type { View } from '../../store/layout.ts';
import { useKeyhole } from '../../store/store.ts';
import { waitingFor } from '../../store/waiting.ts';
import { Boundary } from '../../widgets/boundary.tsx';
import { type Tab, Tabs } from '../../widgets/tabs.tsx';
import { KeysView } from '../keys/KeysView.tsx';
import { PageMap } from '../map/PageMap.tsx';
import { SearchField } from '../map/SearchField.tsx';
import { SegmentsView } from '../segments/SegmentsView.tsx';
import { TlsView } from '../tls/TlsView.tsx';
import { Waiting } from './Waiting.tsx';

const tabs: readonly Tab<View>[] = [
  { id: 'map', label: 'Page map' },
  { id: 'tls', label: 'TLS' },
  { id: 'segments', label: 'Segments' },
  { id: 'keys', label: 'Keys' },
];

const views: Readonly<Record<View, () => ReactNode>> = {
  map: PageMap,
  tls: TlsView,
  segments: SegmentsView,
  keys: KeysView,
};

/** The middle: one view at a time over the same instant and selection. */
export function MiddlePanel(): ReactNode {
  const view = useKeyhole((s) => s.view);
  const setView = useKeyhole((s) => s.setView);
  const waiting = useKeyhole((s) => waitingFor(s) !== null);
  const Shown = waiting ? Waiting : views[view];
  return (
    <main className="middle-panel area">
      <div className="middle-head">
        <Tabs label="Views" tabs={tabs} current={view} onSelect={setView} />
        {waiting ? null : <SearchField />}
      </div>
      <Boundary name="This view" retryOn={view}>
        <Shown />
      </Boundary>
    </main>
  );
}
