import { type Classify, cellLooks, type MapOrder, positionAt } from '../../../core/model/mapDetail.ts';
import type { MapIndex } from '../../../core/model/mapIndex.ts';
import { visible } from '../../../core/model/visible.ts';
import { keyPattern } from '../../theme/keys.ts';
import type { Inks } from '../../widgets/canvas.tsx';
import { cellOf, type FlowLayout, type LineLayout, TOP } from './layout.ts';
import { type Look, type Looks, mix, pixel } from './looks.ts';

/** What is in sight: `top` pixels are scrolled away, `height` are seen. */
export interface Sight {
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const classifyBy =
  (looks: Looks): Classify =>
  (prot, key, mapped, tagged, label, start, end) =>
    looks.of({ prot, key, mapped, tagged, label, start, end });

/** One pixel colour a look; index 0 is nothing. Hollow and hatched ones are paler than any key. */
export function pixelsOf(looks: Looks, inks: Inks): Uint32Array {
  const colour = (look: Look): string =>
    look.fill === 'solid' ? look.colour : mix(inks.panel, look.colour, look.fill === 'hatched' ? 0.45 : 0.8);
  return Uint32Array.from([pixel(inks.panel), ...looks.list.map((look) => pixel(colour(look)))]);
}

/** Fills squares of `side` pixels, `pitch` apart, row after row, into the pixels of an image. */
export function fillCells(
  out: Uint32Array,
  width: number,
  cells: Uint8Array,
  colours: Uint32Array,
  columns: number,
  pitch: number,
  side: number,
): void {
  const height = Math.floor(out.length / width);
  for (let cell = 0; cell < cells.length; cell++) {
    const look = cells[cell] ?? 0;
    if (look === 0) continue;
    const colour = colours[look] ?? 0;
    const x = (cell % columns) * pitch;
    const y = Math.floor(cell / columns) * pitch;
    const bottom = Math.min(height, y + side);
    for (let row = y; row < bottom; row++) out.fill(colour, row * width + x, row * width + x + side);
  }
}

const image = (() => {
  let canvas: OffscreenCanvas | null = null;
  return (width: number, height: number): OffscreenCanvasRenderingContext2D | null => {
    if (!canvas || canvas.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
    return canvas.getContext('2d');
  };
})();

/** Draws a block of cells through one image: thousands of rectangles would cost a thousand calls. */
export function drawBlock(
  c: CanvasRenderingContext2D,
  cells: Uint8Array,
  colours: Uint32Array,
  block: { readonly x: number; readonly y: number; readonly columns: number },
  pitch: number,
  side: number,
): void {
  const width = block.columns * pitch;
  const height = Math.ceil(cells.length / block.columns) * pitch;
  const target = image(width, height);
  if (!target || width === 0 || height === 0) return;
  const data = target.createImageData(width, height);
  const pixels = new Uint32Array(data.data.buffer);
  fillCells(pixels, width, cells, colours, block.columns, pitch, side);
  target.putImageData(data, 0, 0);
  c.imageSmoothingEnabled = false;
  c.drawImage(target.canvas, block.x, block.y);
}

/** The cells of a flow that are in sight, and the names of who owns most of each stretch. */
export function paintFlow(
  c: CanvasRenderingContext2D,
  inks: Inks,
  index: MapIndex,
  order: MapOrder,
  layout: FlowLayout,
  looks: Looks,
  { top, height }: Sight,
): void {
  const first = Math.max(0, Math.floor((top - TOP) / layout.pitch));
  const rows = Math.min(layout.rows - first, Math.ceil(height / layout.pitch) + 1);
  if (rows <= 0) return;
  const pages = order.before[order.lines.length] ?? 0;
  const all = Math.ceil(pages / layout.perCell);
  const cells = new Uint8Array(Math.max(0, Math.min(rows * layout.columns, all - first * layout.columns)));
  cellLooks(index, order, layout.perCell, first * layout.columns, cells, classifyBy(looks));
  const y = TOP + first * layout.pitch - top;
  const block = { x: layout.left, y, columns: layout.columns };
  drawBlock(c, cells, pixelsOf(looks, inks), block, layout.pitch, layout.side);
  c.font = '600 11px "Inter Variable", sans-serif';
  c.textBaseline = 'middle';
  c.textAlign = 'left';
  let last = '';
  for (const { row, owner } of gutterNames(index, order, layout, first, rows)) {
    if (owner === last) continue;
    last = owner;
    c.fillStyle = inks.ink2;
    c.fillText(shorten(visible(owner), 19), 16, TOP + row * layout.pitch - top + 7);
  }
}

const shorten = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Pixels that a name in the gutter takes. */
const NAME = 14;

/** For each stretch of rows that has room for a name, whose most of its pages are. */
export function gutterNames(
  index: MapIndex,
  order: MapOrder,
  layout: Pick<FlowLayout, 'pitch' | 'columns' | 'perCell' | 'rows'>,
  first: number,
  rows: number,
): readonly { readonly row: number; readonly owner: string }[] {
  const names: { row: number; owner: string }[] = [];
  const step = Math.ceil(NAME / layout.pitch);
  for (let row = Math.floor(first / step) * step; row < first + rows; row += step) {
    const from = row * layout.columns * layout.perCell;
    const to = from + step * layout.columns * layout.perCell;
    let most = 0;
    let owner = '';
    for (let at = positionAt(order, from), seen = 0; at < order.lines.length && seen < 64; at++, seen++) {
      const begin = order.before[at] ?? 0;
      if (begin >= to) break;
      const share = Math.min(to, order.before[at + 1] ?? 0) - Math.max(from, begin);
      const label = index.label(order.lines[at] ?? 0);
      if (share > most) [most, owner] = [share, label.owner || label.text];
    }
    if (owner !== '') names.push({ row, owner });
  }
  return names;
}

/** The cells of one line that are in sight. */
export function paintLineCells(
  c: CanvasRenderingContext2D,
  layout: LineLayout,
  k: number,
  looks: Looks,
  colours: Uint32Array,
  { top, height }: Sight,
): void {
  if (layout.zoom === 'lines') return;
  const { pitch, side } = cellOf[layout.zoom];
  const begin = layout.textTop(k) + 2;
  const first = Math.max(0, Math.floor((top - begin) / pitch));
  const rows = Math.min(layout.rows(k), Math.ceil((top + height - begin) / pitch)) - first;
  if (rows <= 0) return;
  const line = layout.line(k);
  const all = Math.ceil(layout.index.pages(line) / layout.perCell(k));
  const cells = new Uint8Array(Math.max(0, Math.min(rows * layout.perRow, all - first * layout.perRow)));
  const only: MapOrder = {
    lines: Int32Array.of(line),
    before: Float64Array.of(0, layout.index.pages(line)),
    byOwner: false,
  };
  cellLooks(layout.index, only, layout.perCell(k), first * layout.perRow, cells, classifyBy(looks));
  const x = layout.columns.body;
  const y = begin + first * pitch - top;
  drawBlock(c, cells, colours, { x, y, columns: Math.min(layout.perRow, cells.length) }, pitch, side);
  if (layout.zoom === 'letters') letters(c, cells, looks, x, y, layout.perRow);
}

function letters(
  c: CanvasRenderingContext2D,
  cells: Uint8Array,
  looks: Looks,
  x: number,
  y: number,
  columns: number,
): void {
  const { pitch, side } = cellOf.letters;
  c.font = '600 9px "JetBrains Mono Variable", monospace';
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  c.fillStyle = '#0b0e12';
  for (let cell = 0; cell < cells.length; cell++) {
    const look = looks.list[(cells[cell] ?? 0) - 1];
    if (!look || look.letter === '' || look.fill !== 'solid') continue;
    const [left, top] = [x + (cell % columns) * pitch, y + Math.floor(cell / columns) * pitch];
    c.fillText(look.letter, left + side / 2, top + 7.5);
    const pattern = look.key === undefined ? 'plain' : keyPattern(look.key);
    if (pattern !== 'plain') c.fillRect(left + 1, top + side - 2.5, side - 2, 1.5);
    if (pattern === 'both') c.fillRect(left + 1, top + 1, side - 2, 1.5);
  }
}
