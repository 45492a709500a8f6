import { addressOf, type MapOrder, pageNumber, positionOf } from '../../../core/model/mapDetail.ts';
import type { MapIndex } from '../../../core/model/mapIndex.ts';
import { FlowLayout, type MapLayout } from './layout.ts';

/**
 * Where a key takes the cursor that is on the page at `from`: arrows by cell and row, brackets by owner; null when the
 * key is none of the map's. `marks` are the first pages of a line's marks, where a line is drawn as runs.
 */
export function steppedFrom(
  index: MapIndex,
  order: MapOrder,
  layout: MapLayout,
  from: number,
  key: string,
  marks: (line: number) => readonly number[],
): number | null {
  const line = index.at(from);
  const at = line < 0 ? -1 : positionOf(order, line);
  if (key === '[' || key === ']') return byOwner(index, order, at, key === ']' ? 1 : -1) ?? from;
  const across = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const down = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (across === undefined && down === undefined) return null;
  if (at < 0) return index.start(order.lines[0] ?? 0);
  if (layout instanceof FlowLayout) {
    const step = (across ?? (down ?? 0) * layout.columns) * layout.perCell;
    const to = addressOf(index, order, pageNumber(index, order, from) + step);
    return to < 0 ? from : to;
  }
  const cells = layout.zoom !== 'lines' && !index.reserved(line);
  const cell = layout.perCell(at) * 4096;
  const neighbour = (by: number): number => order.lines[at + by] ?? -1;
  if (across !== undefined) {
    if (cells) {
      const to = from + across * cell;
      return to >= index.start(line) && to < index.end(line) ? to : edge(index, neighbour(across), across, from);
    }
    const starts = marks(line);
    const here = starts.findLastIndex((start) => start <= from);
    return starts[here + across] ?? from;
  }
  const by = down ?? 0;
  if (cells) {
    const to = from + by * layout.perRow * cell;
    if (to >= index.start(line) && to < index.end(line)) return to;
  }
  const next = neighbour(by);
  return next < 0 ? from : index.start(next);
}

/** First page of a line, or last when it is entered from behind. */
const edge = (index: MapIndex, line: number, by: number, otherwise: number): number =>
  line < 0 ? otherwise : by > 0 ? index.start(line) : index.end(line) - 4096;

function byOwner(index: MapIndex, order: MapOrder, at: number, by: 1 | -1): number | null {
  const ownerOf = (k: number): string | null => {
    const line = order.lines[k];
    return line === undefined ? null : index.label(line).owner;
  };
  const here = ownerOf(at);
  let k = at + by;
  while (ownerOf(k) !== null && ownerOf(k) === here) k += by;
  const owner = ownerOf(k);
  if (owner === null) return null;
  while (by < 0 && ownerOf(k - 1) === owner) k--;
  return index.start(order.lines[k] ?? 0);
}
