import { type PointerEvent, useState } from 'react';
import type { TimeRange } from '../../../core/model/timeRange.ts';
import { toTime } from './scale.ts';

interface LaneDrag {
  /** What is being chosen with Shift held; null while nothing is. */
  readonly brush: TimeRange | null;
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
}

/** How far the pointer must move before a press is a drag. */
const STILL = 4;

/**
 * Dragging over the lanes moves the instant along; with Shift it chooses a stretch of time, which is shown alone on
 * release. A press that stays where it is remains a click.
 */
export function useLaneDrag(
  range: TimeRange,
  width: number,
  left: number,
  scrub: (time: number) => void,
  choose: (range: TimeRange) => void,
): LaneDrag {
  const [brush, setBrush] = useState<TimeRange | null>(null);
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    const edge = event.currentTarget.getBoundingClientRect().left + left;
    const timeAt = (x: number): number => toTime(range, width, Math.min(width, Math.max(0, x - edge)));
    const from = event.clientX;
    if (from < edge) return;
    const chooses = event.shiftKey;
    let dragged = false;
    let drawn: TimeRange | null = null;
    let frame = 0;
    const move = (e: globalThis.PointerEvent): void => {
      dragged ||= Math.abs(e.clientX - from) > STILL;
      if (!dragged) return;
      if (!chooses) {
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(() => scrub(timeAt(e.clientX)));
        return;
      }
      const [a, b] = [timeAt(from), timeAt(e.clientX)];
      drawn = { from: Math.min(a, b), to: Math.max(a, b) };
      setBrush(drawn);
    };
    const stop = (e: Event): void => {
      window.removeEventListener('pointermove', move);
      for (const name of ends) window.removeEventListener(name, stop);
      setBrush(null);
      if (!dragged) return;
      // The click that ends a drag is none.
      window.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }));
      if (drawn !== null && drawn.to > drawn.from && e.type === 'pointerup') choose(drawn);
    };
    const ends = ['pointerup', 'pointercancel', 'blur'] as const;
    window.addEventListener('pointermove', move);
    for (const name of ends) window.addEventListener(name, stop);
  };
  return { brush, onPointerDown };
}

const swallow = (event: Event): void => event.stopPropagation();
