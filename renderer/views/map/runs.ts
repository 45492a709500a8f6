import type { Rule } from '../../../core/contract/events.ts';
import { PAGE } from '../../../core/contract/ids.ts';
import { count, plural } from '../../widgets/format.ts';
import type { Look } from './looks.ts';

/** Neighbouring pages of a line that look the same. */
export interface LookRun {
  readonly start: number;
  readonly end: number;
  readonly look: Look;
  readonly carveOut: Rule | null;
}

/** A mark in a row of the map: one page, or a run of them whose length is compressed and whose count is written. */
export interface Mark {
  readonly run: LookRun;
  /** First page of the mark. */
  readonly start: number;
  readonly pages: number;
  readonly text: string;
  readonly width: number;
}

const CELL = 14;
const GAP = 2;
/** Runs up to this long are cells, one a page, where the row has room. */
const CELLS = 16;
const LONGEST = 226;

/** Compressed, so that a thousand pages still show beside a dozen; wide enough for its own text. */
const barWidth = (pages: number, text: string, longest: number): number =>
  Math.round(Math.max(Math.min(longest, 16 * pages ** 0.38), textWidth(text)));
const textWidth = (text: string): number => Math.round(12 + text.length * 5.6);

function bar(run: LookRun, longest: number): Mark {
  const pages = (run.end - run.start) / PAGE;
  const { fill, letter } = run.look;
  const text =
    fill === 'hatched'
      ? `${count(pages)}${pages > 99 ? ' reserved' : ''}`
      : fill === 'hollow'
        ? plural(pages, 'page')
        : `${letter} ${plural(pages, 'page')}`;
  return { run, start: run.start, pages, text, width: barWidth(pages, text, longest) };
}

function cells(run: LookRun): Mark[] {
  const marks: Mark[] = [];
  for (let start = run.start; start < run.end; start += PAGE) {
    marks.push({ run, start, pages: 1, text: run.look.letter, width: CELL });
  }
  return marks;
}

const widthOf = (marks: readonly Mark[]): number => marks.reduce((sum, mark) => sum + mark.width + GAP, 0);

export interface RowMarks {
  readonly marks: readonly Mark[];
  /** Runs left out because the row is full; the magnified row shows them. */
  readonly more: number;
}

/** The marks of one row in `room` pixels: cells where they fit, else a bar a run, else the first runs and a count. */
export function marksOf(runs: readonly LookRun[], room: number): RowMarks {
  const longest = Math.min(LONGEST, room * 0.75);
  const natural = runs.map((run) => bar(run, longest));
  // Where lengths do not fit, bars are as short as their counts: the number matters more than the length.
  const asBars = widthOf(natural) <= room ? natural : runs.map((run) => bar(run, 0));
  const marks: Mark[][] = asBars.map((mark) => [mark]);
  let width = widthOf(asBars);
  runs.forEach((run, at) => {
    const mark = asBars[at];
    if (!mark || run.look.fill === 'hatched' || run.look.fill === 'hollow' || mark.pages > CELLS) return;
    const split = cells(run);
    const grown = width - widthOf([mark]) + widthOf(split);
    if (grown > room && mark.pages > 1) return;
    marks[at] = split;
    width = grown;
  });
  if (width <= room) return { marks: marks.flat(), more: 0 };
  const kept: Mark[] = [];
  let used = 56;
  for (const [at, group] of marks.entries()) {
    used += widthOf(group);
    if (used > room && at > 0) return { marks: kept, more: marks.length - at };
    kept.push(...group);
  }
  return { marks: kept, more: 0 };
}
