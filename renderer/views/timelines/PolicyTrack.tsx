import { Diamond } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { LaneIndex } from '../../../core/model/laneIndex.ts';
import { policySpans } from '../../../core/model/lanes.ts';
import type { TimeRange } from '../../../core/model/timeRange.ts';
import { showEvent } from '../../store/steps.ts';
import { useStoreApi } from '../../store/store.ts';
import { seconds } from '../../widgets/format.ts';
import { toX } from './scale.ts';

interface PolicyTrackProps {
  readonly index: LaneIndex;
  readonly range: TimeRange;
  readonly width: number;
  /** Rows of the log so far: the spans follow it. */
  readonly length: number;
}

/** Which policy was in force when; a diamond where one was applied. */
export function PolicyTrack({ index, range, width, length }: PolicyTrackProps): ReactNode {
  const store = useStoreApi();
  const spans = useMemo(() => (length === 0 ? [] : policySpans(index)), [index, length]);
  return (
    <div className="track policy-track" role="group" aria-label="Policy in force">
      <span>Policy</span>
      <div className="track-body">
        {spans.map((span, i) => {
          const from = Math.max(0, toX(range, width, span.from));
          const to = i === spans.length - 1 ? width : Math.min(width, toX(range, width, span.to));
          if (to <= from) return null;
          const { event } = span;
          const starts = event !== null && span.from >= range.from;
          const words = span.name === null ? 'nothing tagged' : span.name;
          const title =
            span.name === null ? 'nothing tagged, no policy applied yet' : `${span.name} since ${seconds(span.from)} s`;
          return (
            <button
              key={span.from}
              type="button"
              className="policy-span"
              data-tone={i % 2}
              style={{ left: from, width: to - from }}
              disabled={event === null}
              title={title}
              aria-label={title}
              onClick={() => event !== null && showEvent(store, event)}
            >
              {starts ? <Diamond size={13} aria-hidden="true" /> : null}
              {to - from > 60 ? <span className="clip">{words}</span> : null}
            </button>
          );
        })}
      </div>
    </div>
  );
}
