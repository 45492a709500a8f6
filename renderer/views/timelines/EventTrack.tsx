import { type MouseEvent, type ReactNode, useCallback, useMemo } from 'react';
import type { EventLog } from '../../../core/model/eventLog.ts';
import type { Rows } from '../../../core/model/laneIndex.ts';
import { type Mark, marks } from '../../../core/model/lanes.ts';
import type { TimeRange } from '../../../core/model/timeRange.ts';
import { visible } from '../../../core/model/visible.ts';
import { useWorld } from '../../store/shown.ts';
import { showEvent } from '../../store/steps.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { Canvas, type Inks } from '../../widgets/canvas.tsx';
import { plural } from '../../widgets/format.ts';
import { Count } from '../../widgets/value.tsx';
import { Future } from './Future.tsx';
import { toX } from './scale.ts';

interface EventTrackProps {
  readonly name: string;
  /** What one of its events is called. */
  readonly one: string;
  readonly rows: Rows;
  readonly range: TimeRange;
  readonly width: number;
  /** Rows of the log so far: the track follows it. */
  readonly length: number;
  readonly words: (log: EventLog, row: number) => string;
  /** The same where there is room for all of it: in the tooltip, and for who cannot see the track. */
  readonly sentence?: (log: EventLog, row: number) => string;
}

const HEIGHT = 18;
/** Marks closer than this are one. */
const TOGETHER = 10;
const NEAR = 8;
/** Events that the track's label tells one by one. */
const TOLD = 40;

/** A lane of rare events of the whole program: a mark each, in words where there is room. */
export function EventTrack({
  name,
  one,
  rows,
  range,
  width,
  length,
  words,
  sentence = words,
}: EventTrackProps): ReactNode {
  const store = useStoreApi();
  const log = useKeyhole((s) => s.log);
  const now = useWorld().time;
  const theme = useKeyhole((s) => s.theme);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the track grows with the log
  const shown = useMemo(() => marks(log, rows, range, width / TOGETHER), [log, rows, range, width, length]);
  const textOf = useCallback(
    (mark: Mark): string => (mark.count > 1 ? plural(mark.count, one) : words(log, mark.first)),
    [log, one, words],
  );
  const draw = useCallback(
    (c: CanvasRenderingContext2D, inks: Inks) => {
      c.font = '400 10.5px "Inter Variable", sans-serif';
      c.textBaseline = 'middle';
      shown.forEach((mark, i) => {
        const x = toX(range, width, mark.from);
        const next = shown[i + 1];
        const room = (next ? toX(range, width, next.from) : width) - x - 10;
        c.fillStyle = inks.ink;
        c.fillRect(x, 3, mark.count > 1 ? 3 : 1.5, HEIGHT - 6);
        const text = visible(textOf(mark));
        if (c.measureText(text).width > room) return;
        c.fillStyle = inks.ink2;
        c.fillText(text, x + 6, HEIGHT / 2 + 0.5);
      });
    },
    [shown, range, width, textOf],
  );
  const at = (event: MouseEvent<HTMLElement>): Mark | undefined => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return shown.findLast(
      (mark) => Math.abs(toX(range, width, mark.from) - x) <= NEAR || Math.abs(toX(range, width, mark.to) - x) <= NEAR,
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the track grows with the log
  const told = useMemo(() => {
    const first = Array.from({ length: Math.min(rows.length, TOLD) }, (_, i) => sentence(log, rows.at(i)));
    const more = rows.length - first.length;
    return [plural(rows.length, one), ...(first.length ? [first.join(', ')] : []), ...(more ? [`${more} more`] : [])];
  }, [log, rows, one, sentence, length]);
  return (
    <div className="track event-track">
      <span>
        {name}{' '}
        <span className="dim">
          <Count n={rows.length} one={one} />
        </span>
      </span>
      {/* The keyboard reaches the same events by stepping. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: event stepping is the keyboard's way */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      <div
        className="track-body"
        onPointerDown={(event) => event.stopPropagation()}
        onMouseMove={(event) => {
          const mark = at(event);
          event.currentTarget.title = mark ? visible(mark.count > 1 ? textOf(mark) : sentence(log, mark.first)) : '';
        }}
        onClick={(event) => {
          const mark = at(event);
          if (mark) showEvent(store, mark.first);
        }}
      >
        <Canvas width={width} height={HEIGHT} draw={draw} theme={theme} label={`${name}: ${told.join(': ')}`} />
        <Future at={toX(range, width, now)} />
      </div>
    </div>
  );
}
