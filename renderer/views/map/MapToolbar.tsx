import type { ReactNode } from 'react';
import { asPid, type Pid } from '../../../core/contract/ids.ts';
import type { World } from '../../../core/model/world.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { PlanSelect } from '../PlanSelect.tsx';

interface MapToolbarProps {
  readonly world: World;
  readonly pid: Pid | null;
  readonly onPid: (pid: Pid) => void;
  readonly plan: 'loading' | 'none' | 'ready';
}

/** Which address space and which plan are drawn, and what the marks mean. */
export function MapToolbar({ world, pid, onPid, plan }: MapToolbarProps): ReactNode {
  const used = [
    0,
    ...(world.session?.compartments.map(({ key }) => key) ?? world.main?.keys.map(({ key }) => key) ?? []),
  ];
  return (
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
      ) : (
        <span className="ink2">
          By <strong>address</strong>
        </span>
      )}
      <PlanSelect
        className="inline-select"
        title="Pages that this policy would share and that are private now get a dashed ring"
      >
        {plan === 'none' ? <span className="dim">live only</span> : null}
      </PlanSelect>
      <ul className="map-legend" aria-label="Legend">
        {used.map((key) => (
          <li key={key}>
            <KeyChip k={key} /> {world.keyName(key) ?? `key ${key}`}
          </li>
        ))}
        <li>
          <span className="legend-cell" data-look="hollow" /> read-only
        </li>
        <li>
          <span className="legend-cell" data-look="closed" /> no access
        </li>
        <li>
          <span className="legend-cell" data-look="carve" /> carve-out
        </li>
      </ul>
    </div>
  );
}
