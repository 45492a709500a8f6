import { addressOf, type MapOrder, pageNumber, positionOf } from '../../../core/model/mapDetail.ts';
import { FOLD, type MapIndex } from '../../../core/model/mapIndex.ts';
import type { Zoom } from '../../store/mapView.ts';

export const zoomWords: Readonly<Record<Zoom, string>> = {
  whole: 'everything at once',
  strip: 'a dot a page',
  lines: 'a line a region',
  cells: 'a cell a page',
  letters: 'a lettered cell a page',
};

/** Distance of cells and their side. */
export const cellOf: Readonly<Record<Exclude<Zoom, 'lines'>, { readonly pitch: number; readonly side: number }>> = {
  whole: { pitch: 4, side: 4 },
  strip: { pitch: 4, side: 3 },
  cells: { pitch: 8, side: 7 },
  letters: { pitch: 16, side: 14 },
};

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Browsers cannot scroll further than some 33 million pixels. */
const MOST_HEIGHT = 20_000_000;
const EDGE = 16;
const GUTTER = 132;

/** Cells that flow from row to row, every page in order, with the owners' names in a gutter. */
export class FlowLayout {
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** Pages in one cell. */
  readonly perCell: number;
  readonly pitch: number;
  readonly side: number;
  readonly left = GUTTER + EDGE;
  readonly index: MapIndex;
  readonly #order: MapOrder;

  constructor(index: MapIndex, order: MapOrder, zoom: 'whole' | 'strip', width: number, view: number) {
    this.index = index;
    this.#order = order;
    const { pitch, side } = cellOf[zoom];
    this.pitch = pitch;
    this.side = side;
    this.columns = Math.max(1, Math.floor((width - this.left - EDGE) / pitch));
    const pages = order.before[order.lines.length] ?? 0;
    const most = Math.max(1, Math.floor(((zoom === 'whole' ? view : MOST_HEIGHT) - 2 * TOP) / pitch));
    this.perCell = Math.max(1, Math.ceil(pages / (this.columns * most)));
    this.rows = Math.ceil(Math.ceil(pages / this.perCell) / this.columns);
    this.height = 2 * TOP + this.rows * pitch;
  }

  /** Address of the first page under a point; -1 beside the cells. */
  addressAt(x: number, y: number): number {
    const column = Math.floor((x - this.left) / this.pitch);
    const row = Math.floor((y - TOP) / this.pitch);
    if (column < 0 || column >= this.columns || row < 0) return -1;
    return addressOf(this.index, this.#order, (row * this.columns + column) * this.perCell);
  }

  boxOf(addr: number): Box | null {
    const page = pageNumber(this.index, this.#order, addr);
    if (page < 0) return null;
    const cell = Math.floor(page / this.perCell);
    return {
      x: this.left + (cell % this.columns) * this.pitch,
      y: TOP + Math.floor(cell / this.columns) * this.pitch,
      width: this.side,
      height: this.side,
    };
  }
}

export const TOP = 8;
export const LINE = 19;
const RULE = 5;
const MAGNIFIED = 60;
/** Cells a line may have; past that a cell stands for several pages. */
const MOST_CELLS = 1 << 16;

/** Where the columns of a line begin. */
export interface Columns {
  readonly owner: number;
  readonly text: number;
  readonly address: number;
  readonly prot: number;
  readonly body: number;
  /** Right edge of the body, and of the size. */
  readonly end: number;
  readonly right: number;
}

export function columnsOf(width: number, withAddress: boolean): Columns {
  const wide = width > 680;
  const owner = EDGE;
  const text = owner + (wide ? 112 : 84);
  const address = text + (wide ? 116 : 84);
  const prot = address + (wide ? 94 : 90);
  const body = withAddress ? prot + (wide ? 34 : 28) : address;
  const right = width - EDGE;
  return { owner, text, address, prot, body, end: right - (wide ? 60 : 52), right };
}

/** One line a region: its words, and its pages as compressed runs or as cells that wrap. */
export class LineLayout {
  readonly height: number;
  readonly zoom: 'lines' | 'cells' | 'letters';
  readonly columns: Columns;
  /** Cells in one row of a line. */
  readonly perRow: number;
  readonly order: MapOrder;
  readonly index: MapIndex;
  readonly #tops: Float64Array;
  readonly #magnified: number;

  /** `magnified`: position in the order of the line that has its selected page drawn large; -1 for none. */
  constructor(index: MapIndex, order: MapOrder, zoom: LineLayout['zoom'], width: number, magnified: number) {
    this.index = index;
    this.order = order;
    this.zoom = zoom;
    this.#magnified = magnified;
    this.columns = columnsOf(width, zoom === 'lines');
    const { body, end } = this.columns;
    this.perRow = zoom === 'lines' ? 0 : Math.max(1, Math.floor((end - body) / cellOf[zoom].pitch));
    const tops = new Float64Array(order.lines.length + 1);
    tops[0] = 0;
    for (let k = 0; k < order.lines.length; k++) tops[k + 1] = (tops[k] ?? 0) + this.#sizeOf(k);
    this.#tops = tops;
    this.height = (tops[order.lines.length] ?? 0) + TOP;
  }

  get length(): number {
    return this.order.lines.length;
  }

  line(k: number): number {
    return this.order.lines[k] ?? -1;
  }

  /** Top of the line's box, its rule and the hole before it included. */
  top(k: number): number {
    return this.#tops[k] ?? 0;
  }

  /** Where the line itself begins. */
  textTop(k: number): number {
    return this.top(k) + (this.hasGap(k) ? LINE : 0) + (this.isFirst(k) ? RULE : 0);
  }

  /** True where a hole is folded in front of the line. */
  hasGap(k: number): boolean {
    return (
      !this.order.byOwner && k > 0 && this.line(k) === this.line(k - 1) + 1 && this.index.gap(this.line(k)) >= FOLD
    );
  }

  /** True where another owner begins. */
  isFirst(k: number): boolean {
    return (
      k === 0 || this.hasGap(k) || this.index.label(this.line(k)).owner !== this.index.label(this.line(k - 1)).owner
    );
  }

  /** Pages in one cell of the line. */
  perCell(k: number): number {
    return Math.max(1, Math.ceil(this.index.pages(this.line(k)) / MOST_CELLS));
  }

  /** Rows of cells the line has; 1 where it is drawn as runs. */
  rows(k: number): number {
    if (this.zoom === 'lines' || this.index.reserved(this.line(k))) return 1;
    return Math.ceil(Math.ceil(this.index.pages(this.line(k)) / this.perCell(k)) / this.perRow);
  }

  /** The line at a height. */
  at(y: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#tops[middle + 1] ?? 0) > y) high = middle;
      else low = middle + 1;
    }
    return Math.min(low, this.length - 1);
  }

  /** Address of the page under a point, where the line has cells; -1 beside them. */
  addressAt(x: number, y: number): number {
    if (this.zoom === 'lines') return -1;
    const k = this.at(y);
    const { pitch } = cellOf[this.zoom];
    const column = Math.floor((x - this.columns.body) / pitch);
    const row = Math.floor((y - this.textTop(k) - 1) / pitch);
    if (k < 0 || column < 0 || column >= this.perRow || row < 0 || row >= this.rows(k)) return -1;
    const addr = this.index.start(this.line(k)) + (row * this.perRow + column) * this.perCell(k) * 4096;
    return addr < this.index.end(this.line(k)) ? addr : -1;
  }

  /** The cell of the page at `addr`, or the whole line where it has no cells; null where it is not shown. */
  boxOf(addr: number): Box | null {
    const line = this.index.at(addr);
    const k = line < 0 ? -1 : positionOf(this.order, line);
    if (k < 0) return null;
    if (this.zoom === 'lines' || this.index.reserved(line)) {
      return { x: 8, y: this.textTop(k), width: this.columns.right - 8, height: LINE };
    }
    const { pitch, side } = cellOf[this.zoom];
    const cell = Math.floor((addr - this.index.start(line)) / 4096 / this.perCell(k));
    return {
      x: this.columns.body + (cell % this.perRow) * pitch,
      y: this.textTop(k) + 2 + Math.floor(cell / this.perRow) * pitch,
      width: side,
      height: side,
    };
  }

  #sizeOf(k: number): number {
    const around = (this.hasGap(k) ? LINE : 0) + (this.isFirst(k) ? RULE : 0) + (k === this.#magnified ? MAGNIFIED : 0);
    if (this.zoom === 'lines') return around + LINE;
    return around + Math.max(LINE, this.rows(k) * cellOf[this.zoom].pitch + 5);
  }
}

export type MapLayout = FlowLayout | LineLayout;

/** The layout of a map of that width, and `view` pixels of it seen at a time. */
export function layoutOf(
  index: MapIndex,
  order: MapOrder,
  zoom: Zoom,
  width: number,
  view: number,
  magnified: number,
): MapLayout {
  return zoom === 'whole' || zoom === 'strip'
    ? new FlowLayout(index, order, zoom, width, view)
    : new LineLayout(index, order, zoom, width, zoom === 'lines' ? magnified : -1);
}
