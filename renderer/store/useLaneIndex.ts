import { useMemo } from 'react';
import { LaneIndex } from '../../core/model/laneIndex.ts';
import { useKeyhole } from './store.ts';

/** The lanes of the current log; they follow it as it grows. */
export function useLaneIndex(): LaneIndex {
  const log = useKeyhole((s) => s.log);
  return useMemo(() => new LaneIndex(log), [log]);
}
