import { type PointerEvent, type ReactNode, useCallback, useMemo, useState } from 'react';
import { eventRate, peakRate } from '../../../core/model/eventRate.ts';
import type { TimeRange } from '../../../core/model/timeRange.ts';
import { rowsOf } from '../../store/selectors/rows.ts';
import { useEdge, useIsLive, useLatest, useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { Canvas, type Inks } from '../../widgets/canvas.tsx';
import { count, duration, plural, seconds } from '../../widgets/format.ts';
import { useThrottled } from '../../widgets/useThrottled.ts';
import { toTime, toX } from './scale.ts';

const HEIGHT = 34;
const BAR = 4;
/** Room for the live edge's time, right of the bars. */
const EDGE = 66;
const REFRESH_MS = 250;

interface OverviewProps {
  readonly width: number;
  readonly range: TimeRange;
  readonly whole: TimeRange;
}

/** Events a second over the whole run; dragging picks what the lanes show, a double click shows everything. */
export function Overview({ width, range, whole }: OverviewProps): ReactNode {
  const log = useKeyhole((s) => s.log);
  const theme = useKeyhole((s) => s.theme);
  const setRange = useKeyhole((s) => s.setRange);
  const picked = useKeyhole((s) => s.range);
  const edge = useEdge();
  const world = useWorld();
  const latest = useLatest();
  const length = useThrottled(latest.index + 1, REFRESH_MS);
  const live = useIsLive();
  const room = Math.max(0, width - EDGE);
  const end = Math.max(log.time(length - 1), 1e6);
  const bins = Math.max(1, Math.floor(room / BAR));
  const rates = useMemo(() => eventRate(log, { from: 0, to: end * 1.000001 }, bins), [log, end, bins]);
  const peak = useMemo(() => rates.reduce((most, bin) => Math.max(most, bin.total), 0), [rates]);
  const rate = useMemo(() => peakRate(rates), [rates]);
  const scale: TimeRange = useMemo(() => ({ from: 0, to: end }), [end]);

  const draw = useCallback(
    (c: CanvasRenderingContext2D, inks: Inks) => {
      rates.forEach((bin, i) => {
        if (bin.total === 0) return;
        const height = Math.max(1, Math.sqrt(bin.total / peak) * (HEIGHT - 6));
        const inside = picked === null || (bin.to > picked.from && bin.from < picked.to);
        c.fillStyle = inside ? inks.edge : inks.line2;
        c.fillRect(i * BAR, HEIGHT - 2 - height, BAR - 1, height);
      });
      c.fillStyle = inks.denied;
      let last = Number.NEGATIVE_INFINITY;
      for (const row of rowsOf(log, 'fault')) {
        const x = toX(scale, room, log.time(row));
        if (x - last < 1) continue;
        c.fillRect(x, 2, 1.5, HEIGHT - 4);
        last = x;
      }
    },
    [rates, peak, picked, log, scale, room],
  );

  const [brush, setBrush] = useState<TimeRange | null>(null);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const target = event.currentTarget;
    const box = target.getBoundingClientRect();
    const at = (e: { clientX: number }): number =>
      toTime(scale, room, Math.min(room, Math.max(0, e.clientX - box.left)));
    const start = at(event);
    let drawn: TimeRange | null = null;
    target.setPointerCapture(event.pointerId);
    const move = (e: globalThis.PointerEvent): void => {
      const to = at(e);
      drawn = Math.abs(to - start) > (3 / room) * end ? { from: Math.min(start, to), to: Math.max(start, to) } : null;
      setBrush(drawn);
    };
    const stop = (): void => {
      target.removeEventListener('pointermove', move);
      target.removeEventListener('pointerup', stop);
      target.removeEventListener('pointercancel', stop);
      setBrush(null);
      if (drawn) setRange(drawn);
      else if (picked) {
        const half = (picked.to - picked.from) / 2;
        const from = Math.min(Math.max(0, start - half), Math.max(0, whole.to - 2 * half));
        setRange({ from, to: from + 2 * half });
      }
    };
    target.addEventListener('pointermove', move);
    target.addEventListener('pointerup', stop);
    target.addEventListener('pointercancel', stop);
  };

  const box = brush ?? picked;
  return (
    <div className="track overview">
      <span className="track-label">
        <span>Whole run</span>
        {rate ? (
          <span className="dim" title={`The most events in any ${duration(rate.over)} of the run, as a rate a second`}>
            peak {count(Math.round(rate.perSecond))} events/s over {duration(rate.over)}
          </span>
        ) : (
          <span className="dim" title="The run is too short for a rate">
            {plural(length, 'event')}
          </span>
        )}
      </span>
      <div className="track-body">
        {/* The keyboard zooms with plus, minus and 0. */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
        <div
          className="overview-bars"
          style={{ width: room }}
          onPointerDown={onPointerDown}
          onDoubleClick={() => setRange(null)}
          title="Drag to choose what the lanes show; double click for the whole run"
        >
          <Canvas
            width={room}
            height={HEIGHT}
            draw={draw}
            theme={theme}
            label={`Event rate over ${seconds(end)} seconds, the lanes show ${seconds(range.from)} to ${seconds(range.to)}`}
          />
          <div className="overview-now" style={{ left: toX(scale, room, world.time) }} aria-hidden="true" />
          {box ? (
            <div
              className="brush"
              style={{
                left: toX(scale, room, box.from),
                width: Math.max(2, Math.min(room, toX(scale, room, box.to)) - toX(scale, room, box.from)),
              }}
            />
          ) : null}
        </div>
        <div className="overview-edge" data-live={live}>
          <strong>{edge.toLowerCase()}</strong>
          <span className="mono dim">{(latest.time / 1e9).toFixed(3)} s</span>
        </div>
      </div>
    </div>
  );
}
