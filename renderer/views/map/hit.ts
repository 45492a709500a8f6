import type { MapIndex } from '../../../core/model/mapIndex.ts';
import { FlowLayout, LINE, type MapLayout } from './layout.ts';
import { type Drawn, markEdges } from './paintLines.ts';

/** The page under a point of the map's content; the first of a run where pages are compressed; -1 beside all. */
export function pageUnder(
  layout: MapLayout,
  index: MapIndex,
  drawn: (line: number) => Drawn,
  x: number,
  y: number,
): number {
  const found = layout.addressAt(x, y);
  if (found >= 0 || layout instanceof FlowLayout) return found;
  const k = layout.at(y);
  if (k < 0 || y < layout.textTop(k) || y >= layout.textTop(k) + LINE) return -1;
  const i = layout.line(k);
  if (layout.zoom === 'lines') {
    for (const { x: at, mark } of markEdges(drawn(i).marks, layout.columns.body)) {
      if (x < at || x > at + mark.width) continue;
      const page = Math.min(mark.pages - 1, Math.floor(((x - at) / mark.width) * mark.pages));
      return mark.start + page * 4096;
    }
  }
  return index.start(i);
}
