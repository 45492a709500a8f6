import type { PlanStep } from '../../../core/contract/details.ts';
import type { MapIndex } from '../../../core/model/mapIndex.ts';
import { visible } from '../../../core/model/visible.ts';
import { type MapRow, plannedCarveOuts } from '../../store/selectors/mapRows.ts';
import { keyPattern } from '../../theme/keys.ts';
import type { Inks } from '../../widgets/canvas.tsx';
import { address, bytes, prot } from '../../widgets/format.ts';
import { LINE, type LineLayout } from './layout.ts';
import type { Look, Looks } from './looks.ts';
import { paintLineCells, pixelsOf, type Sight } from './paintCells.ts';
import { type LookRun, type Mark, marksOf, type RowMarks } from './runs.ts';

const SANS = '"Inter Variable", sans-serif';
const MONO = '"JetBrains Mono Variable", monospace';
const KEY_INK = '#0b0e12';
const NOTE_ROOM = 150;
const GAP = 2;

/** A line as it is drawn: its words, its marks, and what is said beside them. */
export interface Drawn {
  readonly row: MapRow;
  readonly marks: RowMarks;
  readonly notes: readonly string[];
  readonly planned: readonly PlanStep[];
}

/** Line `i` in runs that look the same. */
export function lookRuns(index: MapIndex, i: number, row: MapRow, looks: Looks): LookRun[] {
  const runs: LookRun[] = [];
  const label = index.label(i);
  index.visit(i, (start, end, protection, key, mapped, tagged) => {
    const look = looks.list[looks.of({ prot: protection, key, mapped, tagged, label, start, end })];
    if (!look) return;
    const carveOut = row.runs.find((run) => run.start <= start && start < run.end)?.carveOut ?? null;
    const last = runs.at(-1);
    if (last && last.look === look && last.carveOut === carveOut) runs[runs.length - 1] = { ...last, end };
    else runs.push({ start, end, look, carveOut });
  });
  return runs;
}

export function drawnLine(
  index: MapIndex,
  i: number,
  row: MapRow,
  looks: Looks,
  steps: readonly PlanStep[],
  room: number,
): Drawn {
  const planned = plannedCarveOuts(row, steps);
  const notes = planned.map((step) => `${step.what} would be shared, ${step.rule}`).concat(row.notes);
  return {
    row,
    notes,
    planned,
    marks: marksOf(lookRuns(index, i, row, looks), room - (notes.length > 0 ? NOTE_ROOM : 0)),
  };
}

/** Where each mark of a line begins. */
export function markEdges({ marks }: RowMarks, body: number): readonly { readonly x: number; readonly mark: Mark }[] {
  let x = body;
  return marks.map((mark) => {
    const at = { x, mark };
    x += mark.width + GAP;
    return at;
  });
}

export interface LinePainting {
  readonly layout: LineLayout;
  readonly sight: Sight;
  readonly looks: Looks;
  readonly drawn: (k: number) => Drawn;
  /** Address of the selected page, and of the one the keyboard is on; -1 for none. */
  readonly selected: number;
  /** Height of the box of the selected line. */
  readonly selectedHeight: number;
}

/** More rings than this in one line would only hide the cells. */
const MOST_RINGS = 64;

/** The pages of a line that are cut out of a tagged range, or would be under the plan. */
function cutPages({ row, planned }: Drawn): readonly number[] {
  const pages: number[] = [];
  const add = (start: number, end: number): void => {
    for (let page = start; page < end && pages.length < MOST_RINGS; page += 4096) pages.push(page);
  };
  for (const run of row.runs) if (run.carveOut !== null) add(run.start, run.end);
  for (const step of planned) add(Number(step.start), Number(step.end));
  return pages;
}

/** A line in sight: where its words stand, and whether its owner is said. */
interface Placed {
  readonly drawn: Drawn;
  readonly y: number;
  readonly named: boolean;
  /** Top of its marks. */
  readonly top: number;
  /** False where it is drawn as cells. */
  readonly asRuns: boolean;
  /** Right edge of its marks, where it is drawn as runs. */
  readonly marksEnd: number;
}

/** The lines that are in sight. */
export function paintLines(c: CanvasRenderingContext2D, inks: Inks, painting: LinePainting): void {
  const { layout, sight, looks, selected } = painting;
  const colours = pixelsOf(looks, inks);
  const placed: Placed[] = [];
  for (let k = Math.max(0, layout.at(sight.top)); k < layout.length && layout.top(k) < sight.top + sight.height; k++) {
    const y = layout.textTop(k) - sight.top;
    const line = layout.line(k);
    if (layout.hasGap(k)) gap(c, inks, layout, layout.top(k) - sight.top, layout.index.gap(line));
    const holds = layout.index.start(line) <= selected && selected < layout.index.end(line);
    if (holds) {
      c.fillStyle = inks.selected;
      c.beginPath();
      c.roundRect(8, y, sight.width - 16, painting.selectedHeight, 6);
      c.fill();
    } else if (layout.isFirst(k) && !layout.hasGap(k) && k > 0) {
      c.fillStyle = inks.line;
      c.fillRect(16, y - 3, sight.width - 32, 1);
    }
    const drawn = painting.drawn(k);
    // A line that is taller than the sight says what it is all the way down.
    const wordsAt = Math.max(y, Math.min(2, layout.top(k + 1) - sight.top - LINE));
    const asRuns = layout.zoom === 'lines' || layout.index.reserved(line);
    const marksEnd = asRuns ? runs(c, inks, layout, drawn, y, selected) : 0;
    placed.push({ drawn, y: wordsAt, named: layout.isFirst(k) || wordsAt > y, top: y, asRuns, marksEnd });
    if (!asRuns) {
      paintLineCells(c, layout, k, looks, colours, sight);
      for (const page of cutPages(drawn)) {
        const box = layout.boxOf(page);
        if (box) ring(c, inks, box.x, box.y - sight.top, box.width, true, box.height);
      }
    }
  }
  words(c, inks, layout, placed);
  const withRuns = placed.filter((line) => line.asRuns);
  besides(c, inks, layout, withRuns);
  markTexts(c, inks, layout, withRuns);
}

function gap(c: CanvasRenderingContext2D, inks: Inks, { columns }: LineLayout, y: number, size: number): void {
  const text = `${bytes(size)} unmapped`;
  c.font = `11px ${SANS}`;
  c.textBaseline = 'middle';
  c.textAlign = 'left';
  c.fillStyle = inks.ink3;
  const at = columns.text + 104;
  c.fillText(text, at, y + LINE / 2 + 1);
  const width = c.measureText(text).width;
  c.strokeStyle = inks.line2;
  c.setLineDash([3, 3]);
  c.beginPath();
  for (const level of [-2, 2]) {
    c.moveTo(columns.text, y + LINE / 2 + level + 0.5);
    c.lineTo(at - 12, y + LINE / 2 + level + 0.5);
    c.moveTo(at + width + 12, y + LINE / 2 + level + 0.5);
    c.lineTo(columns.right, y + LINE / 2 + level + 0.5);
  }
  c.stroke();
  c.setLineDash([]);
}

const BOLD = `600 11.5px ${SANS}`;
const PLAIN = `400 11.5px ${SANS}`;
const CODE = `400 11px ${MONO}`;
const shortened = new Map<string, string>();

/** As much of a text as fits, with an ellipsis where it does not. Measuring is dear, so answers are kept. */
function fitted(c: CanvasRenderingContext2D, font: string, text: string, width: number): string {
  const name = `${font}|${Math.floor(width)}|${text}`;
  const known = shortened.get(name);
  if (known !== undefined) return known;
  const whole = visible(text);
  let shown = whole;
  for (let length = whole.length; length > 0 && c.measureText(shown).width > width; length--)
    shown = `${whole.slice(0, length - 1)}…`;
  if (shortened.size > 20_000) shortened.clear();
  shortened.set(name, shown);
  return shown;
}

/** The columns of words, one after the other: a canvas is slow to change its font. */
function words(c: CanvasRenderingContext2D, inks: Inks, layout: LineLayout, lines: readonly Placed[]): void {
  const { columns } = layout;
  const middle = (y: number): number => y + LINE / 2 + 0.5;
  c.textBaseline = 'middle';
  c.textAlign = 'left';
  c.font = BOLD;
  c.fillStyle = inks.ink;
  for (const { drawn, y, named } of lines) {
    const text = drawn.row.owner;
    if (named) c.fillText(fitted(c, BOLD, text, columns.text - columns.owner - 8), columns.owner, middle(y));
  }
  c.font = PLAIN;
  c.fillStyle = inks.ink2;
  for (const { drawn, y } of lines)
    c.fillText(fitted(c, PLAIN, drawn.row.text, columns.address - columns.text - 8), columns.text, middle(y));
  c.fillStyle = inks.ink3;
  c.textAlign = 'right';
  for (const { drawn, y } of lines) c.fillText(bytes(drawn.row.end - drawn.row.start), columns.right, middle(y));
  c.textAlign = 'left';
  if (layout.zoom !== 'lines') return;
  c.font = CODE;
  for (const { drawn, y } of lines) {
    c.fillText(address(drawn.row.start).slice(0, SHARED), columns.address, middle(y));
    c.fillText(drawn.row.prot === null ? '???' : prot(drawn.row.prot), columns.prot, middle(y));
  }
  const after = columns.address + c.measureText('0'.repeat(SHARED)).width;
  c.fillStyle = inks.ink;
  for (const { drawn, y } of lines) c.fillText(address(drawn.row.start).slice(SHARED), after, middle(y));
}

/** Digits that neighbouring addresses have in common. */
const SHARED = 4;

/** The marks of a line; answers where the last one ends. */
function runs(
  c: CanvasRenderingContext2D,
  inks: Inks,
  { columns }: LineLayout,
  drawn: Drawn,
  y: number,
  selected: number,
): number {
  let x = columns.body;
  for (const { x: at, mark } of markEdges(drawn.marks, columns.body)) {
    const end = mark.start + mark.pages * 4096;
    paintLook(c, inks, mark.run.look, at, y + 2.5, mark.width, HEIGHT);
    const would = drawn.planned.some((step) => mark.start < Number(step.end) && Number(step.start) < end);
    if (would || mark.run.carveOut !== null) ring(c, inks, at, y + 2.5, mark.width, true);
    if (mark.start <= selected && selected < end) ring(c, inks, at, y + 2.5, mark.width, false);
    x = at + mark.width + GAP;
  }
  return x;
}

/** How many runs a line has no room for, and what is said beside its marks. */
function besides(c: CanvasRenderingContext2D, inks: Inks, { columns }: LineLayout, lines: readonly Placed[]): void {
  c.font = PLAIN;
  c.textBaseline = 'middle';
  c.textAlign = 'left';
  for (const { drawn, top, marksEnd } of lines) {
    const middle = top + LINE / 2 + 0.5;
    let x = marksEnd;
    if (drawn.marks.more > 0) {
      const text = `+${drawn.marks.more} runs`;
      c.fillStyle = inks.ink3;
      c.fillText(text, x + 4, middle);
      x += c.measureText(text).width + 10;
    }
    if (drawn.notes.length === 0) continue;
    c.fillStyle = inks.ink2;
    c.fillText(fitted(c, PLAIN, drawn.notes.join('; '), columns.end - x - 14), x + 6, middle);
  }
}

const HEIGHT = 14;

/** A dashed ring for a carve-out, a full one for what is selected. */
function ring(
  c: CanvasRenderingContext2D,
  inks: Inks,
  x: number,
  y: number,
  width: number,
  dashed: boolean,
  height = HEIGHT,
): void {
  c.strokeStyle = inks.ink;
  if (dashed) c.setLineDash([2, 2]);
  c.lineWidth = dashed ? 1 : 1.5;
  c.strokeRect(x - 1.5, y - 1.5, width + 3, height + 3);
  c.setLineDash([]);
  c.lineWidth = 1;
}

const CELL_FONT = `600 9px ${MONO}`;
const BAR_FONT = `500 9px ${MONO}`;

/** The letters of cells and the counts of bars, all cells first: a canvas is slow to change its font. */
function markTexts(c: CanvasRenderingContext2D, inks: Inks, layout: LineLayout, lines: readonly Placed[]): void {
  c.textBaseline = 'middle';
  for (const cell of [true, false]) {
    c.font = cell ? CELL_FONT : BAR_FONT;
    c.textAlign = cell ? 'center' : 'left';
    for (const { drawn, top } of lines) {
      for (const { x, mark } of markEdges(drawn.marks, layout.columns.body)) {
        const { look } = mark.run;
        if ((mark.pages === 1) !== cell || (look.fill === 'hatched' && cell)) continue;
        c.fillStyle = look.fill === 'solid' ? KEY_INK : inks.ink3;
        c.fillText(mark.text, cell ? x + mark.width / 2 : x + 4, top + 2.5 + HEIGHT / 2 + 0.5);
      }
    }
  }
  c.textAlign = 'left';
}

/** A filled, hollow, hatched or dotted box, with the bars of its key. */
export function paintLook(
  c: CanvasRenderingContext2D,
  inks: Inks,
  look: Look,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  if (look.fill === 'solid') {
    c.fillStyle = look.colour;
    c.beginPath();
    c.roundRect(x, y, width, height, 2);
    c.fill();
    const pattern = look.key === undefined ? 'plain' : keyPattern(look.key);
    c.fillStyle = KEY_INK;
    if (pattern !== 'plain') c.fillRect(x + 1, y + height - 2.5, width - 2, 1.5);
    if (pattern === 'both') c.fillRect(x + 1, y + 1, width - 2, 1.5);
    return;
  }
  if (look.fill === 'hatched') hatch(c, inks, x, y, width, height);
  c.strokeStyle = look.fill === 'dotted' ? inks.edge : inks.line2;
  if (look.fill === 'dotted') c.setLineDash([1, 2]);
  c.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  c.setLineDash([]);
}

function hatch(c: CanvasRenderingContext2D, inks: Inks, x: number, y: number, width: number, height: number): void {
  c.save();
  c.beginPath();
  c.rect(x, y, width, height);
  c.clip();
  c.strokeStyle = inks.line2;
  c.beginPath();
  for (let at = x - height; at < x + width; at += 5) {
    c.moveTo(at, y + height);
    c.lineTo(at + height, y);
  }
  c.stroke();
  c.restore();
}
