import type { Inks } from '../../widgets/canvas.tsx';
import { FlowLayout, LINE } from './layout.ts';
import { paintFlow, type Sight } from './paintCells.ts';
import { paintLines } from './paintLines.ts';
import type { MapDrawing } from './useMapDrawing.ts';

/** Paints what is in sight on a canvas of that size, sharp on every screen. `cursor`: the page the keyboard is on. */
export function paintMap(
  element: HTMLCanvasElement,
  inks: Inks,
  drawing: MapDrawing,
  sight: Sight,
  cursor: number | null,
): void {
  const c = element.getContext('2d');
  if (!c || sight.width === 0) return;
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(sight.width * ratio), Math.round(sight.height * ratio)];
  if (element.width !== width || element.height !== height) [element.width, element.height] = [width, height];
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, sight.width, sight.height);
  const { index, order, layout, looks, drawn, selected, magnified } = drawing;
  if (layout instanceof FlowLayout) paintFlow(c, inks, index, order, layout, looks, sight);
  else {
    const selectedHeight =
      layout.zoom === 'lines' ? LINE + 56 : LINE * Math.max(1, layout.rows(Math.max(0, magnified)));
    paintLines(c, inks, { layout, sight, looks, drawn: (k) => drawn(layout.line(k)), selected, selectedHeight });
  }
  const around = (addr: number, colour: string): void => {
    const found = layout.boxOf(addr);
    if (!found) return;
    c.strokeStyle = colour;
    c.lineWidth = 2;
    c.strokeRect(found.x - 1.5, found.y - sight.top - 1.5, found.width + 3, found.height + 3);
    c.lineWidth = 1;
  };
  const asLines = !(layout instanceof FlowLayout) && layout.zoom === 'lines';
  if (selected >= 0 && !asLines) around(selected, inks.ink);
  if (cursor !== null) around(cursor, inks.edge);
}
