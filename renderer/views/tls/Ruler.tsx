import type { ReactNode } from 'react';
import type { TlsStretch } from '../../store/selectors/tlsAnatomy.ts';
import { offset } from '../../widgets/format.ts';

/** Steps of the ruler, in bytes; the first that leaves room for its labels is used. */
const steps = [0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000, 0x10000];
const LABEL = 58;
/** A page edge closer to the thread pointer keeps its tick and loses its words. */
const TOO_NEAR = 50;

/** Offsets from the thread pointer, with the page edges and the thread pointer itself. */
export function Ruler({ stretch, tp, width }: { stretch: TlsStretch; tp: number; width: number }): ReactNode {
  if (width <= 0) return null;
  const scale = width / (stretch.end - stretch.start);
  const x = (at: number): number => (at - stretch.start) * scale;
  const step = steps.find((bytes) => bytes * scale >= LABEL) ?? 0x10000;
  const onEdge = stretch.pages.some((page) => page.start === tp);
  const marks: { at: number; text: string; strong: boolean; under: string }[] = [
    { at: tp, text: 'TP', strong: true, under: onEdge ? 'page edge' : 'fs_base' },
  ];
  for (const page of stretch.pages.slice(1)) {
    if (page.start !== tp)
      marks.push({ at: page.start, text: offset(page.start - tp), strong: true, under: 'page edge' });
  }
  const plain: number[] = [];
  for (let at = tp + Math.ceil((stretch.start - tp) / step) * step; at < stretch.end; at += step) {
    const inside = x(at) > 24 && x(at) < width - 24;
    if (inside && marks.every((mark) => Math.abs(x(mark.at) - x(at)) >= LABEL)) plain.push(at);
  }
  const near = (mark: { at: number }): boolean => mark.at !== tp && Math.abs(x(mark.at) - x(tp)) < TOO_NEAR;
  return (
    <div className="ruler" role="img" aria-label="Offsets from the thread pointer">
      {plain.map((at) => (
        <span key={at} className="ruler-mark mono dim" style={{ left: x(at) }}>
          {offset(at - tp)}
        </span>
      ))}
      {marks.map((mark) => (
        <span key={mark.at} className="ruler-mark mono" data-strong={mark.strong} style={{ left: x(mark.at) }}>
          {near(mark) ? '' : mark.text}
          <span className="ruler-under">{near(mark) ? '' : mark.under}</span>
        </span>
      ))}
    </div>
  );
}
