import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEdge, useIsLive, useLatest, useWorld } from '../../store/shown.ts';
import { stepEvent } from '../../store/steps.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { Button } from '../../widgets/controls.tsx';
import { count, duration } from '../../widgets/format.ts';
import { Time } from '../../widgets/value.tsx';

/** Which instant the whole window shows, and the way back to the live edge. */
export function Instant(): ReactNode {
  const store = useStoreApi();
  const world = useWorld();
  const latest = useLatest();
  const live = useIsLive();
  const goLive = useKeyhole((s) => s.goLive);
  const edge = useEdge();
  if (world.index < 0) return <div className="instant" />;
  const where = `event ${count(world.index + 1)} of ${count(latest.index + 1)}`;
  return (
    <div className="instant" role="group" aria-label="Instant shown">
      <div className="instant-box" data-past={!live} title={where}>
        <span>{live ? edge : 'Viewing'}</span>
        <span className="mono instant-time">
          <Time ns={world.time} unit />
        </span>
        {live ? null : <span className="instant-ago">{duration(latest.time - world.time)} ago</span>}
        <span className="instant-steps">
          <button
            type="button"
            aria-label="Previous event"
            title="Previous event (←)"
            onClick={() => stepEvent(store, -1)}
          >
            <ChevronLeft size={14} aria-hidden="true" />
          </button>
          <button
            type="button"
            aria-label="Next event"
            title="Next event (→)"
            disabled={live}
            onClick={() => stepEvent(store, 1)}
          >
            <ChevronRight size={14} aria-hidden="true" />
          </button>
        </span>
      </div>
      {live ? null : (
        <Button shortcut="L" onClick={goLive}>
          <span className="live-ring" aria-hidden="true" />
          {edge}
        </Button>
      )}
    </div>
  );
}
