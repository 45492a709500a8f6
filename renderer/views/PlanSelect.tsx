import type { ReactNode } from 'react';
import { presetNames } from '../../core/contract/policies.ts';
import { isPreset } from '../store/selectors/policyWords.ts';
import { useKeyhole } from '../store/store.ts';

interface PlanSelectProps {
  readonly className: string;
  readonly title?: string;
  /** Words after the choice. */
  readonly children?: ReactNode;
}

/** The preset whose plan the map and the TLS view draw beside the keys of now: one choice for both. */
export function PlanSelect({ children, ...label }: PlanSelectProps): ReactNode {
  const overlay = useKeyhole((s) => s.overlay);
  const setOverlay = useKeyhole((s) => s.setOverlay);
  return (
    <label {...label}>
      Plan of
      <select
        value={overlay}
        onChange={(event) => {
          if (isPreset(event.target.value)) setOverlay(event.target.value);
        }}
      >
        {presetNames.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      {children}
    </label>
  );
}
