import './timelines.css';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react';
import { asEventIndex } from '../../../core/contract/ids.ts';
import type { EventLog } from '../../../core/model/eventLog.ts';
import { useLatest, useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { Empty } from '../../widgets/controls.tsx';
import { seconds } from '../../widgets/format.ts';
import { ticks } from '../../widgets/ticks.ts';
import { useSize } from '../../widgets/useSize.ts';
import { Axis } from './Axis.tsx';
import { LANE } from './drawLane.ts';
import { EventTrack } from './EventTrack.tsx';
import { Lane } from './Lane.tsx';
import { Overview } from './Overview.tsx';
import { PolicyTrack } from './PolicyTrack.tsx';
import { pan, reveal, toTime, toX, wholeRun, zoom } from './scale.ts';
import { loadSentence, loadWords, signalWords } from './trackWords.ts';
import { useLaneDrag } from './useLaneDrag.ts';

/** Room at the right edge of the tracks. */
const MARGIN = 12;

/** The whole run, the policies, and a lane for each thread, all over program time. */
export function Timelines(): ReactNode {
  const log = useKeyhole((s) => s.log);
  const length = useLatest().index + 1;
  const left = useKeyhole((s) => s.sizes.left);
  const picked = useKeyhole((s) => s.range);
  const instant = useKeyhole((s) => s.instant);
  const setRange = useKeyhole((s) => s.setRange);
  const world = useWorld();
  const index = useKeyhole((s) => s.lanes);
  const [box, size] = useSize<HTMLElement>();
  const end = log.time(length - 1);
  const whole = useMemo(() => wholeRun(end), [end]);
  const range = picked ?? whole;
  const width = Math.max(0, size.width - left - MARGIN);
  const axis = useMemo(() => ticks(range, width / 120), [range, width]);
  const lanes = index.lanes();

  // An instant chosen elsewhere must be in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the instant reveals it
  useEffect(() => {
    if (instant === null || picked === null) return;
    const shown = reveal(picked, whole, world.time);
    if (shown !== picked) setRange(shown);
  }, [instant]);

  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lanes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LANE,
    overscan: 1,
  });

  const goTo = useKeyhole((s) => s.goTo);
  const drag = useLaneDrag(
    range,
    width,
    left,
    (time) => {
      const at = log.indexAtTime(time);
      if (at >= 0) goTo(asEventIndex(at));
    },
    setRange,
  );
  const history = useKeyhole((s) => s.history);
  const ofSignal = useCallback((of: EventLog, row: number) => signalWords(history.latest(), of, row), [history]);
  const zoomAt = (factor: number, time: number): void => setRange(zoom(range, whole, time, factor));
  useWheel(
    box,
    (factor, clientX) => {
      const edge = box.current?.getBoundingClientRect().left ?? 0;
      zoomAt(factor, toTime(range, width, Math.max(0, clientX - edge - left)));
    },
    (pixels) => picked !== null && setRange(pan(picked, whole, pixels / Math.max(1, width))),
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') zoomAt(0.5, world.time);
    else if (event.key === '-' || event.key === '−') zoomAt(2, world.time);
    else if (event.key === '0') setRange(null);
    else if (picked !== null && event.key === 'PageDown') setRange(pan(picked, whole, 0.5));
    else if (picked !== null && event.key === 'PageUp') setRange(pan(picked, whole, -0.5));
    else return;
    event.preventDefault();
  };

  const x = toX(range, width, picked ? world.time : Math.min(world.time, whole.to));
  const tracks = (index.loads.length > 0 ? 1 : 0) + (index.signals.length > 0 ? 1 : 0);
  return (
    <section
      className="timelines"
      aria-label="Timelines"
      ref={box}
      style={{ '--labels': `${left}px`, '--tracks': `${19 * tracks}px` } as CSSProperties}
      onKeyDown={onKeyDown}
    >
      {length === 0 ? <Empty title="Nothing has happened yet">The run shows here as it goes on.</Empty> : null}
      <Overview width={width} range={range} whole={whole} />
      <PolicyTrack index={index} range={range} width={width} length={length} />
      <div>
        {index.loads.length > 0 ? (
          <EventTrack
            name="Load order"
            one="step"
            rows={index.loads}
            range={range}
            width={width}
            length={length}
            words={loadWords}
            sentence={loadSentence}
          />
        ) : null}
        {index.signals.length > 0 ? (
          <EventTrack
            name="Signals"
            one="signal"
            rows={index.signals}
            range={range}
            width={width}
            length={length}
            words={ofSignal}
          />
        ) : null}
        <Axis range={range} width={width} ticks={axis} />
      </div>
      {/* Dragging is a shortcut for what keys do as well: stepping, plus and minus. */}
      <div className="lanes" ref={scroller} onPointerDown={drag.onPointerDown}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const lane = lanes[item.index];
            return lane ? (
              <div key={lane.tid} className="lane-slot" style={{ transform: `translateY(${item.start}px)` }}>
                <Lane index={index} lane={lane} range={range} width={width} ticks={axis.at} length={length} />
              </div>
            ) : null;
          })}
        </div>
      </div>
      {drag.brush ? (
        <div
          className="lane-brush"
          style={{
            left: left + toX(range, width, drag.brush.from),
            width: toX(range, width, drag.brush.to) - toX(range, width, drag.brush.from),
          }}
          aria-hidden="true"
        />
      ) : null}
      {x >= 0 && x <= width ? (
        <div
          className="crosshair"
          data-live={instant === null}
          style={
            {
              transform: `translateX(${left + x}px)`,
              '--shift': x > width - 40 ? '-90%' : x < 40 ? '-10%' : '-50%',
            } as CSSProperties
          }
          aria-hidden="true"
        >
          <span className="mono">{seconds(world.time)}</span>
        </div>
      ) : null}
    </section>
  );
}

/** Wheel zooms, sideways or with Shift it moves on; the listener has to be active, so that the page does not scroll. */
function useWheel(
  box: { readonly current: HTMLElement | null },
  zoomBy: (factor: number, clientX: number) => void,
  panBy: (pixels: number) => void,
): void {
  const latest = useRef({ zoomBy, panBy });
  latest.current = { zoomBy, panBy };
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (sideways || event.shiftKey) latest.current.panBy(sideways ? event.deltaX : event.deltaY);
      else latest.current.zoomBy(Math.exp(event.deltaY * 0.002), event.clientX);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [box]);
}
