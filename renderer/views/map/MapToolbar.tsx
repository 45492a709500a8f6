import { Minus, Plus } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { asEventIndex, asPid, type Pid } from '../../../core/contract/ids.ts';
import type { World } from '../../../core/model/world.ts';
import { type Colouring, colourings, nextZoom } from '../../store/mapView.ts';
import { rowsOf } from '../../store/selectors/rows.ts';
import { useKeyhole } from '../../store/store.ts';
import { seconds } from '../../widgets/format.ts';
import { PlanSelect } from '../PlanSelect.tsx';
import { zoomWords } from './layout.ts';
import { MapLegend } from './MapLegend.tsx';

interface MapToolbarProps {
  readonly world: World;
  readonly pid: Pid | null;
  readonly onPid: (pid: Pid) => void;
  readonly plan: 'loading' | 'none' | 'ready';
}

const colourWords: Readonly<Record<Colouring, string>> = {
  key: 'key',
  protection: 'protection',
  owner: 'owner',
  change: 'last change',
};

/** Which pages are drawn, in which order and colours, how near; and what the marks mean. */
export function MapToolbar({ world, pid, onPid, plan }: MapToolbarProps): ReactNode {
  const colouring = useKeyhole((s) => s.colouring);
  const setColouring = useKeyhole((s) => s.setColouring);
  const byOwner = useKeyhole((s) => s.byOwner);
  const setByOwner = useKeyhole((s) => s.setByOwner);
  const filter = useKeyhole((s) => s.filter);
  const setFilter = useKeyhole((s) => s.setFilter);
  return (
    <div className="map-tools">
      <div className="map-toolbar">
        {world.spaces.size > 1 ? (
          <label className="inline-select">
            Process
            <select value={pid ?? ''} onChange={(event) => onPid(asPid(Number(event.target.value)))}>
              {[...world.spaces.keys()].map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <label className="inline-select">
          <span className="tool-word">By</span>
          <select
            value={byOwner ? 'owner' : 'address'}
            onChange={(event) => setByOwner(event.target.value === 'owner')}
          >
            <option>address</option>
            <option>owner</option>
          </select>
        </label>
        <label className="inline-select">
          Colour
          <select
            value={colouring}
            onChange={(event) => setColouring(colourings.find((each) => each === event.target.value) ?? 'key')}
          >
            {colourings.map((each) => (
              <option key={each} value={each}>
                {colourWords[each]}
              </option>
            ))}
          </select>
        </label>
        <Since world={world} />
        <PlanSelect
          className="inline-select"
          title="Pages that this policy would share and that are private now get a dashed ring"
        >
          {plan === 'none' ? <span className="dim">live only</span> : null}
        </PlanSelect>
        <div className="map-near">
          <input
            type="text"
            className="field map-filter"
            placeholder="Filter"
            aria-label="Show only memory whose owner or name contains this"
            spellCheck={false}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
          <Zoom />
        </div>
      </div>
      <MapLegend world={world} />
    </div>
  );
}

/** Only what changed since a row: the last policy step, the last stop, or the instant that was marked. */
function Since({ world }: { world: World }): ReactNode {
  const log = useKeyhole((s) => s.log);
  const since = useKeyhole((s) => s.since);
  const setSince = useKeyhole((s) => s.setSince);
  const choices = useMemo(() => {
    const last = (kind: 'policy' | 'stop' | 'mark', words: string): readonly [number, string][] => {
      const row = rowsOf(log, kind, world.index).at(-1);
      return row === undefined ? [] : [[row, `${words}, ${seconds(log.time(row))} s`]];
    };
    return [
      ...last('policy', 'the last policy step'),
      ...last('stop', 'the last stop'),
      ...last('mark', 'the last mark'),
    ];
  }, [log, world.index]);
  const marked = since !== null && !choices.some(([row]) => row === since);
  return (
    <label
      className="inline-select"
      title="Show only memory that was mapped, tagged or protected anew after an instant"
    >
      Changed
      <select
        value={since ?? ''}
        onChange={(event) => {
          const { value } = event.target;
          setSince(value === '' ? null : value === 'here' ? world.index : asEventIndex(Number(value)));
        }}
      >
        <option value="">at any time</option>
        {choices.map(([row, words]) => (
          <option key={row} value={row}>
            since {words}
          </option>
        ))}
        {marked && since !== null ? <option value={since}>since {seconds(log.time(since))} s</option> : null}
        <option value="here">since the instant shown</option>
      </select>
    </label>
  );
}

function Zoom(): ReactNode {
  const zoom = useKeyhole((s) => s.zoom);
  const setZoom = useKeyhole((s) => s.setZoom);
  return (
    <div className="map-zoom" role="group" aria-label={`Zoom of the map: ${zoomWords[zoom]}`}>
      <button
        type="button"
        className="icon-button"
        aria-label="Further away"
        title={`Further away (−, Ctrl wheel); now ${zoomWords[zoom]}`}
        disabled={nextZoom(zoom, -1) === zoom}
        onClick={() => setZoom(nextZoom(zoom, -1))}
      >
        <Minus size={12} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Nearer"
        title={`Nearer (+, Ctrl wheel); now ${zoomWords[zoom]}`}
        disabled={nextZoom(zoom, 1) === zoom}
        onClick={() => setZoom(nextZoom(zoom, 1))}
      >
        <Plus size={12} aria-hidden="true" />
      </button>
    </div>
  );
}
