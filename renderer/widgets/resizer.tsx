import './resizer.css';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';

interface ResizerProps {
  readonly name: string;
  /** Which way the edge moves: a `vertical` separator between left and right, or `horizontal`. */
  readonly orientation: 'vertical' | 'horizontal';
  readonly area: 'left' | 'right' | 'bottom';
  readonly size: number;
  readonly min: number;
  readonly max: number;
  /** 1 when dragging right or down grows the panel, -1 when it shrinks it. */
  readonly sign: 1 | -1;
  readonly onResize: (size: number) => void;
}

/** A draggable edge between two panels; arrow keys move it too. */
export function Resizer({ name, orientation, area, size, min, max, sign, onResize }: ResizerProps): ReactNode {
  const set = (value: number): void => onResize(Math.round(Math.min(max, Math.max(min, value))));

  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const handle = event.currentTarget;
    const at = (e: { clientX: number; clientY: number }): number =>
      orientation === 'vertical' ? e.clientX : e.clientY;
    const from = at(event);
    handle.setPointerCapture(event.pointerId);
    const move = (e: globalThis.PointerEvent): void => set(size + sign * (at(e) - from));
    const end = (): void => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', end);
      handle.removeEventListener('pointercancel', end);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', end);
    handle.addEventListener('pointercancel', end);
  };

  const step = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 16, ArrowDown: 16, ArrowLeft: -16, ArrowUp: -16 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(size + sign * by);
  };

  return (
    <div
      className="resizer"
      data-area={area}
      role="separator"
      aria-label={name}
      aria-orientation={orientation}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={step}
    />
  );
}
