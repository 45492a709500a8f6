import type { BandSpan, LaneView, TagMark } from '../../../core/model/lanes.ts';
import type { TimeRange } from '../../../core/model/timeRange.ts';
import { visible } from '../../../core/model/visible.ts';
import { keyColours, keyLetter, keyPattern } from '../../theme/keys.ts';
import type { Inks } from '../../widgets/canvas.tsx';
import { toX } from './scale.ts';

export const LANE = 42;
const BAND_TOP = 5;
const BAND = 16;
const TAG_TOP = 25;
const CHIP = 11;
const MONO = '"JetBrains Mono Variable", monospace';
const SANS = '"Inter Variable", sans-serif';

type Context = CanvasRenderingContext2D;

function hatch(c: Context, x: number, width: number, colour: string): void {
  c.save();
  c.beginPath();
  c.rect(x, BAND_TOP + 3, width, BAND - 6);
  c.clip();
  c.strokeStyle = colour;
  c.lineWidth = 1;
  c.beginPath();
  for (let at = Math.floor(x / 5) * 5 - BAND; at < x + width + BAND; at += 5) {
    c.moveTo(at, BAND_TOP + BAND);
    c.lineTo(at + BAND, BAND_TOP);
  }
  c.stroke();
  c.restore();
}

function keyBlock(c: Context, key: number, x: number, y: number, width: number, height: number): void {
  c.fillStyle = keyColours[key] ?? '#000';
  c.fillRect(x, y, width, height);
  const pattern = keyPattern(key);
  c.fillStyle = '#0b0e12';
  if (pattern !== 'plain' && height > 8) c.fillRect(x, y + height - 2, width, 2);
  if (pattern === 'both' && height > 8) c.fillRect(x, y, width, 2);
}

function letter(c: Context, text: string, x: number, y: number): void {
  c.fillStyle = '#0b0e12';
  c.font = `600 9px ${MONO}`;
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  c.fillText(text, x, y + 0.5);
}

/** One stretch of the band, left to right in `[x, x + width)`. */
function band(c: Context, span: BandSpan, x: number, width: number, inks: Inks): void {
  const middle = BAND_TOP + BAND / 2;
  switch (span.kind) {
    case 'held':
      hatch(c, x, width, inks.edge);
      return;
    case 'none':
      c.fillStyle = inks.edge;
      c.fillRect(x, middle - 1, width, 2);
      return;
    case 'unknown':
      c.strokeStyle = inks.edge;
      c.setLineDash([1, 2]);
      c.strokeRect(x + 0.5, BAND_TOP + 0.5, Math.max(0, width - 1), BAND - 1);
      c.setLineDash([]);
      if (width > 14) outlineText(c, '?', x + width / 2, middle, inks.ink2);
      return;
    case 'open':
    case 'several':
      if (span.kind === 'open') {
        c.fillStyle = inks.ink;
        c.fillRect(x, BAND_TOP - 3, width, 3);
      }
      c.strokeStyle = inks.ink;
      c.strokeRect(x + 0.5, BAND_TOP + 0.5, Math.max(0, width - 1), BAND - 1);
      if (width > 26) outlineText(c, span.kind === 'open' ? 'all' : '2+', x + width / 2, middle, inks.ink);
      return;
    default:
      keys(c, span, x, width, inks);
  }
}

/** One key fills the band; several in one pixel share its height. */
function keys(c: Context, span: BandSpan, x: number, width: number, inks: Inks): void {
  const share = BAND / Math.max(1, span.keys.length);
  span.keys.forEach((key, i) => {
    keyBlock(c, key, x, BAND_TOP + i * share, width, share);
  });
  if (span.keys.length === 0) hatch(c, x, width, inks.edge);
  if (span.wideOpen) {
    c.fillStyle = inks.ink;
    c.fillRect(x, BAND_TOP - 2, width, 2);
  }
  const only = span.keys.length === 1 && span.kind === 'key' ? span.keys[0] : undefined;
  if (only !== undefined && width >= 13) letter(c, keyLetter(only), x + width / 2, BAND_TOP + BAND / 2);
  if (width > 4) {
    c.fillStyle = inks.panel;
    c.globalAlpha = 0.55;
    c.fillRect(x + width - 1, BAND_TOP, 1, BAND);
    c.globalAlpha = 1;
  }
}

function outlineText(c: Context, text: string, x: number, y: number, colour: string): void {
  c.fillStyle = colour;
  c.font = `500 9px ${MONO}`;
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  c.fillText(text, x, y + 0.5);
}

/** A tick, the keys the tags gave, and in words what they were when there is room. */
function tag(c: Context, mark: TagMark, words: string, x: number, room: number, inks: Inks): void {
  c.fillStyle = inks.ink;
  c.fillRect(x, TAG_TOP, 1.5, CHIP + 1);
  let at = x + 5;
  for (const key of mark.keys) {
    if (at + CHIP > x + room) return;
    keyBlock(c, key, at, TAG_TOP, CHIP, CHIP + 1);
    letter(c, keyLetter(key), at + CHIP / 2, TAG_TOP + CHIP / 2);
    at += CHIP + 2;
  }
  c.font = `400 10.5px ${SANS}`;
  c.textAlign = 'left';
  if (at + 4 + c.measureText(words).width > x + room) return;
  c.fillStyle = inks.ink2;
  c.textBaseline = 'middle';
  c.fillText(words, at + 3, TAG_TOP + CHIP / 2 + 1);
}

function cross(c: Context, x: number, inks: Inks): void {
  const y = BAND_TOP + BAND / 2;
  c.fillStyle = inks.panel;
  c.beginPath();
  c.arc(x, y, 9, 0, 2 * Math.PI);
  c.fill();
  c.fillStyle = inks.denied;
  c.beginPath();
  c.arc(x, y, 7.5, 0, 2 * Math.PI);
  c.fill();
  c.strokeStyle = '#fff';
  c.lineWidth = 1.8;
  c.beginPath();
  c.moveTo(x - 2.8, y - 2.8);
  c.lineTo(x + 2.8, y + 2.8);
  c.moveTo(x + 2.8, y - 2.8);
  c.lineTo(x - 2.8, y + 2.8);
  c.stroke();
  c.lineWidth = 1;
}

export interface LaneDrawing {
  readonly view: LaneView;
  readonly range: TimeRange;
  readonly width: number;
  readonly tagWords: (mark: TagMark) => string;
  readonly ticks: readonly number[];
  /** Every event of the thread in sight, where they are few enough to be drawn one by one. */
  readonly events: readonly number[] | null;
  readonly time: (row: number) => number;
}

/** Draws one lane: the rights band above, the marks of tags, signals and faults. */
export function drawLane(c: Context, inks: Inks, drawing: LaneDrawing): void {
  const { view, range, width, tagWords, ticks, events, time } = drawing;
  const x = (at: number): number => toX(range, width, at);
  c.fillStyle = inks.line;
  for (const tick of ticks) c.fillRect(Math.round(x(tick)), 0, 1, LANE);
  for (const span of view.spans) {
    // Whole pixels only: two keys blended would be the colour of a third.
    const from = Math.round(Math.max(0, x(span.from)));
    const to = Math.round(Math.min(width, x(span.to)));
    band(c, span, from, Math.max(to - from, 1), inks);
  }
  c.fillStyle = inks.edge;
  for (const row of events ?? []) c.fillRect(Math.round(x(time(row))), BAND_TOP + BAND + 1, 1, 3);
  view.tags.forEach((mark, i) => {
    const at = x(mark.from);
    const next = view.tags[i + 1];
    tag(c, mark, visible(tagWords(mark)), at, (next ? x(next.from) : width) - at - 6, inks);
  });
  c.fillStyle = inks.ink2;
  for (const mark of view.signals) {
    const at = x(mark.from);
    c.beginPath();
    c.moveTo(at, BAND_TOP + BAND + 1);
    c.lineTo(at + 4, BAND_TOP + BAND + 7);
    c.lineTo(at - 4, BAND_TOP + BAND + 7);
    c.fill();
  }
  for (const mark of view.faults) cross(c, x(mark.from), inks);
}
