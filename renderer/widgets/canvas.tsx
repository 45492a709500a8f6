import { type ReactNode, useEffect, useRef } from 'react';

/** The theme's colours as a canvas needs them. */
export interface Inks {
  readonly panel: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly line: string;
  readonly line2: string;
  readonly edge: string;
  readonly denied: string;
  readonly inverse: string;
  readonly selected: string;
}

/** Inks by theme: asking for computed style forces a layout, and a theme's tokens never change. */
const known = new Map<string, Inks>();

/** The inks of a theme, read from any element of the page. */
export function readInks(element: Element, theme: string): Inks {
  const found = known.get(theme);
  if (found) return found;
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  const inks: Inks = {
    panel: of('--panel'),
    ink: of('--ink'),
    ink2: of('--ink-2'),
    ink3: of('--ink-3'),
    line: of('--line'),
    line2: of('--line-2'),
    edge: of('--edge'),
    denied: of('--denied-mark'),
    inverse: of('--inverse'),
    selected: of('--selected'),
  };
  known.set(theme, inks);
  return inks;
}

interface CanvasProps {
  readonly width: number;
  readonly height: number;
  /** Called whenever it changes; keep it stable with useCallback. */
  readonly draw: (context: CanvasRenderingContext2D, inks: Inks) => void;
  /** Read again when it changes. */
  readonly theme: string;
  readonly label: string;
}

/** A canvas that is sharp on every screen and drawn once a change. */
export function Canvas({ width, height, draw, theme, label }: CanvasProps): ReactNode {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, readInks(canvas, theme));
  }, [width, height, draw, theme]);
  return <canvas ref={ref} role="img" aria-label={label} style={{ width, height }} />;
}
