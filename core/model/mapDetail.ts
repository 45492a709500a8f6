/** Level of detail of the page map: which lines in which order, and what a run of cells shows of many pages. */
import type { Label } from './label.ts';
import type { MapIndex } from './mapIndex.ts';

const PAGE = 4096;

/** The lines to show, and how many pages stand before each: `before[k]` for the k-th, the last entry for all. */
export interface MapOrder {
  readonly lines: Int32Array;
  readonly before: Float64Array;
  readonly byOwner: boolean;
}

/** The lines that `keep` wants, in address order or with each owner's together (owners by their first address). */
export function orderOf(index: MapIndex, byOwner: boolean, keep: ((line: number) => boolean) | null): MapOrder {
  const all = new Int32Array(index.length);
  let kept = 0;
  for (let i = 0; i < index.length; i++) if (keep === null || keep(i)) all[kept++] = i;
  const lines = byOwner ? grouped(index, all.subarray(0, kept)) : all.subarray(0, kept);
  const before = new Float64Array(lines.length + 1);
  for (let k = 0; k < lines.length; k++) before[k + 1] = (before[k] ?? 0) + index.pages(lines[k] ?? 0);
  return { lines, before, byOwner };
}

function grouped(index: MapIndex, kept: Int32Array): Int32Array {
  const groups = new Map<string, number[]>();
  for (const line of kept) {
    const { owner } = index.label(line);
    const group = groups.get(owner);
    if (group) group.push(line);
    else groups.set(owner, [line]);
  }
  return Int32Array.from([...groups.values()].flat());
}

/** Position in the order of the line that holds page number `page` of the order. */
export function positionAt(order: MapOrder, page: number): number {
  let low = 0;
  let high = order.lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order.before[middle + 1] ?? 0) > page) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Number in the order of the page at `addr`; -1 where its line is not shown. */
export function pageNumber(index: MapIndex, order: MapOrder, addr: number): number {
  const line = index.at(addr);
  const at = line < 0 ? -1 : positionOf(order, line);
  return at < 0 ? -1 : (order.before[at] ?? 0) + Math.floor((addr - index.start(line)) / PAGE);
}

/** Position of a line in the order; -1 where it is not shown. */
export function positionOf(order: MapOrder, line: number): number {
  if (order.byOwner) return order.lines.indexOf(line);
  let low = 0;
  let high = order.lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order.lines[middle] ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  return order.lines[low] === line ? low : -1;
}

/** Address of page number `page` of the order; -1 past its end. */
export function addressOf(index: MapIndex, order: MapOrder, page: number): number {
  if (page < 0 || page >= (order.before[order.lines.length] ?? 0)) return -1;
  const at = positionAt(order, page);
  return index.start(order.lines[at] ?? 0) + (Math.floor(page) - (order.before[at] ?? 0)) * PAGE;
}

/** Says which look the pages of a region have; a higher number wins where several share a cell. */
export type Classify = (
  prot: number,
  key: number,
  mapped: number,
  tagged: number,
  label: Label,
  start: number,
  end: number,
) => number;

/**
 * The look of each cell from `first` on, one more than its number so that 0 is nothing; a cell holds `perCell` pages of
 * the order. No page is left out: one private page among a thousand shared ones is seen.
 */
export function cellLooks(
  index: MapIndex,
  order: MapOrder,
  perCell: number,
  first: number,
  out: Uint8Array,
  classify: Classify,
): void {
  out.fill(0);
  const begin = first * perCell;
  const stop = begin + out.length * perCell;
  for (let at = positionAt(order, begin); at < order.lines.length; at++) {
    const base = order.before[at] ?? 0;
    if (base >= stop) return;
    const line = order.lines[at] ?? 0;
    const start = index.start(line);
    const label = index.label(line);
    index.visit(line, (from, to, prot, key, mapped, tagged) => {
      const look = 1 + classify(prot, key, mapped, tagged, label, from, to);
      const a = Math.max(0, Math.floor((base + (from - start) / PAGE) / perCell) - first);
      const b = Math.min(out.length, Math.ceil((base + (to - start) / PAGE) / perCell) - first);
      for (let cell = a; cell < b; cell++) if ((out[cell] ?? 0) < look) out[cell] = look;
    });
  }
}
