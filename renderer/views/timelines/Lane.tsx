import { type MouseEvent, memo, type ReactNode, useCallback, useMemo } from 'react';
import { asEventIndex } from '../../../core/contract/ids.ts';
import type { LaneIndex, Lane as LaneRows } from '../../../core/model/laneIndex.ts';
import { eventsOf, type LaneView, laneView, type TagMark } from '../../../core/model/lanes.ts';
import type { TimeRange } from '../../../core/model/timeRange.ts';
import { threadShort, threadState } from '../../store/selectors/threads.ts';
import { useWorld } from '../../store/shown.ts';
import { showEvent } from '../../store/steps.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useFocus } from '../../store/useFocus.ts';
import { Canvas, type Inks } from '../../widgets/canvas.tsx';
import { plural, seconds } from '../../widgets/format.ts';
import { drawLane, LANE } from './drawLane.ts';
import { Future } from './Future.tsx';
import { toTime, toX } from './scale.ts';

interface LaneProps {
  readonly index: LaneIndex;
  readonly lane: LaneRows;
  readonly range: TimeRange;
  readonly width: number;
  readonly ticks: readonly number[];
  /** Rows of the log so far: the lane follows it. */
  readonly length: number;
}

/** How near a click must be to a mark to mean it. */
const NEAR = 6;
/** Every event of a thread is drawn where so many pixels are left for each. */
const APART = 4;
/** With more rows in sight than this nobody asks. */
const EXACT = 4000;

/** One thread over time. A click moves the whole window to that instant; on a mark it also selects its event. */
export const Lane = memo(function Lane({ index, lane, range, width, ticks, length }: LaneProps): ReactNode {
  const store = useStoreApi();
  const log = useKeyhole((s) => s.log);
  const theme = useKeyhole((s) => s.theme);
  const select = useKeyhole((s) => s.select);
  const world = useWorld();
  const focus = useFocus();
  const thread = world.threads.get(lane.tid);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lane grows with the log
  const view = useMemo(() => laneView(index, lane, range, width), [index, lane, range, width, length]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the lane grows with the log
  const events = useMemo(() => {
    const rows = eventsOf(log, lane.tid, range, EXACT);
    return rows !== null && rows.length * APART <= width ? rows : null;
  }, [log, lane.tid, range, width, length]);

  const tagWords = useCallback(
    (mark: TagMark): string => {
      if (mark.count > 1) return plural(mark.count, 'range');
      const row = log.at(mark.first);
      return row.rule === 'none' ? plural((row.end - row.start) / 4096, 'page') : row.rule;
    },
    [log],
  );
  const draw = useCallback(
    (c: CanvasRenderingContext2D, inks: Inks) =>
      drawLane(c, inks, { view, range, width, tagWords, ticks, events, time: (row) => log.time(row) }),
    [view, events, log, range, width, tagWords, ticks],
  );

  const onClick = (event: MouseEvent<HTMLElement>): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const marks = [...view.faults, ...view.tags, ...view.signals];
    const hit = marks.find((mark) => Math.abs(toX(range, width, mark.from) - x) <= NEAR);
    if (hit) {
      showEvent(store, hit.first);
      return;
    }
    const row = events?.find((each) => Math.abs(toX(range, width, log.time(each)) - x) <= 3);
    if (row !== undefined) {
      showEvent(store, row);
      return;
    }
    const at = log.indexAtTime(toTime(range, width, x));
    if (at >= 0 && at < length - 1) store.getState().goTo(asEventIndex(at));
    else store.getState().goLive();
  };

  const state = thread ? threadState(log, world, thread) : null;
  const who = thread?.compartment == null ? null : (world.keyName(thread.compartment) ?? `key ${thread.compartment}`);
  const name = thread ? threadShort(world, thread) : `thread ${lane.tid}`;
  return (
    <div className="track lane" data-selected={focus.tid === lane.tid}>
      <button
        type="button"
        className="track-label lane-label"
        aria-pressed={focus.tid === lane.tid}
        onClick={() => select({ kind: 'thread', tid: lane.tid })}
      >
        <span className="clip">
          <strong>{name}</strong> {thread?.name ?? (thread ? '' : 'not born yet')}
        </span>
        <span className={`clip ${state?.denied ? 'denied' : 'dim'}`}>
          {state ? (state.denied || !who || thread?.state === 'exited' ? state.words : `${who}, ${state.words}`) : ''}
        </span>
      </button>
      {/* The keyboard reaches the same instants by the arrow keys. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: event stepping is the keyboard's way */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      <div className="track-body lane-body" onClick={onClick}>
        <Canvas
          width={width}
          height={LANE}
          draw={draw}
          theme={theme}
          label={`Rights and tags of ${name} from ${seconds(range.from)} to ${seconds(range.to)} seconds: ${plural(view.tags.length, 'tag mark')}, ${plural(view.faults.length, 'fault')}, ${openWords(view)}`}
        />
        <Future at={toX(range, width, world.time)} />
      </div>
    </div>
  );
});

/** When every key was open: `wide open from 0.000 000 to 0.010 000 seconds`, or that it never was. */
function openWords({ spans }: LaneView): string {
  const open = spans.filter((span) => span.kind === 'open');
  const [first] = open;
  if (!first) return 'never wide open';
  const more = open.length > 1 ? ` and ${plural(open.length - 1, 'more time')}` : '';
  return `wide open from ${seconds(first.from)} to ${seconds(first.to)} seconds${more}`;
}
