import type { ReactNode } from 'react';
import type { TimeRange } from '../../../core/model/timeRange.ts';
import { toX } from './scale.ts';

interface AxisProps {
  readonly range: TimeRange;
  readonly width: number;
  readonly ticks: { readonly at: readonly number[]; readonly decimals: number };
}

/** Seconds of program time over the lanes. */
export function Axis({ range, width, ticks }: AxisProps): ReactNode {
  return (
    <div className="track axis">
      <span className="dim">seconds</span>
      <div className="track-body">
        {ticks.at.map((time) => (
          <span
            key={time}
            className="axis-tick mono dim"
            style={{ left: Math.max(16, Math.min(width - 16, toX(range, width, time))) }}
          >
            {(time / 1e9).toFixed(ticks.decimals)}
          </span>
        ))}
      </div>
    </div>
  );
}
