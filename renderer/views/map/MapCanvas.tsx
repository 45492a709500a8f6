import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { PlanStep } from '../../../core/contract/details.ts';
import type { MapOrder } from '../../../core/model/mapDetail.ts';
import type { MapIndex } from '../../../core/model/mapIndex.ts';
import type { World } from '../../../core/model/world.ts';
import type { Focus } from '../../store/selectors/focus.ts';
import { pageStart } from '../../store/selectors/mapRows.ts';
import { useKeyhole } from '../../store/store.ts';
import { readInks } from '../../widgets/canvas.tsx';
import { plural } from '../../widgets/format.ts';
import { useSize } from '../../widgets/useSize.ts';
import { pageUnder } from './hit.ts';
import { FlowLayout, LINE, LineLayout } from './layout.ts';
import { Magnified } from './Magnified.tsx';
import { MapList } from './MapList.tsx';
import { mapPointer } from './mapPointer.ts';
import { pageWords } from './pageWords.ts';
import { paintMap } from './paintMap.ts';
import { steppedFrom } from './steps.ts';
import { useMapDrawing } from './useMapDrawing.ts';
import { intoSight, useMapScroll } from './useMapScroll.ts';

interface MapCanvasProps {
  readonly index: MapIndex;
  readonly order: MapOrder;
  readonly world: World;
  readonly focus: Focus;
  readonly steps: readonly PlanStep[];
}

/** The pages on one canvas that follows the scroll position; the page under the selection is magnified. */
export function MapCanvas({ index, order, world, focus, steps }: MapCanvasProps): ReactNode {
  const theme = useKeyhole((s) => s.theme);
  const setZoom = useKeyhole((s) => s.setZoom);
  const select = useKeyhole((s) => s.select);
  const [scroller, size] = useSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const { pid } = index.space;
  const selected = focus.addr !== null && (focus.pid === null || focus.pid === pid) ? pageStart(focus.addr) : -1;
  const drawing = useMapDrawing(index, order, size, selected, world.time, steps);
  const { layout, drawn, line, magnified } = drawing;

  // Kept here: asking the element while it is being changed would make the browser lay out the page.
  const scrolled = useRef(0);
  const paint = useRef<() => void>(() => {});
  paint.current = () => {
    if (!canvas.current) return;
    const sight = { top: scrolled.current, width: size.width, height: size.height };
    const focused = document.activeElement === scroller.current ? cursor : null;
    paintMap(canvas.current, readInks(canvas.current, theme), drawing, sight, focused);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: painted anew when it would look another way
  useEffect(() => paint.current(), [drawing, size, theme, cursor]);
  // Another page may lie under the pointer now, until it moves again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tip speaks of a place in the layout
  useEffect(() => {
    if (tip.current) tip.current.hidden = true;
  }, [layout]);
  const frame = useRef(0);
  const repaint = useCallback(() => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => paint.current());
  }, []);
  useEffect(() => void document.fonts.ready.then(repaint), [repaint]);

  const pageAt = (clientX: number, clientY: number): number => {
    const element = scroller.current;
    if (!element) return -1;
    const box = element.getBoundingClientRect();
    return pageUnder(layout, index, drawn, clientX - box.left, clientY - box.top + element.scrollTop);
  };
  const zoomAround = useMapScroll(scroller, layout, size.height, selected, pageAt);
  const pick = (addr: number): void => {
    setCursor(addr);
    select({ kind: 'page', pid, addr });
  };
  const pointer = mapPointer({ tip, pageAt, wordsOf: (addr) => pageWords(world, index.space, addr), onPick: pick });

  const step = (element: HTMLElement, from: number | null, key: string): boolean => {
    const box = element.getBoundingClientRect();
    const seen = pageAt(box.left + layoutLeft(layout) + 2, box.top + 24);
    const start = from ?? (seen >= 0 ? seen : index.start(order.lines[0] ?? 0));
    const marks = (i: number) => drawn(i).marks.marks.map((mark) => mark.start);
    const to = steppedFrom(index, order, layout, start, key, marks);
    if (to === null) return false;
    setCursor(to);
    const at = layout.boxOf(to);
    if (at) intoSight(element, at.y, at.y + at.height, box.height, 30);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const element = event.currentTarget;
    if (event.target !== element || event.altKey || event.ctrlKey || event.shiftKey) return;
    const from = cursor ?? (selected >= 0 ? selected : null);
    if (event.key === '+' || event.key === '=' || event.key === '-') {
      const at = from === null ? null : layout.boxOf(from);
      zoomAround(event.key === '-' ? -1 : 1, at && from !== null ? from : -1, (at?.y ?? 0) - element.scrollTop);
    } else if (event.key === '0') setZoom('lines');
    else if ((event.key === 'Enter' || event.key === ' ') && cursor !== null) pick(cursor);
    else if (!step(element, from, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const overlay = layout instanceof LineLayout && layout.zoom === 'lines' && magnified >= 0 ? drawn(line) : null;
  return (
    <div className="map-frame">
      {/* The list below says the same to those who cannot see the canvas. */}
      <div
        className="map-scroll"
        ref={scroller}
        role="group"
        aria-label="Pages"
        aria-describedby="map-cursor"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled canvas with keys of its own
        tabIndex={0}
        onScroll={(event) => {
          scrolled.current = event.currentTarget.scrollTop;
          pointer.onPointerLeave();
          repaint();
        }}
        onFocus={repaint}
        onBlur={repaint}
        onKeyDown={onKeyDown}
        {...pointer}
      >
        <canvas
          ref={canvas}
          className="map-canvas"
          role="img"
          aria-label="Pages of memory; the list that follows says them in words"
          tabIndex={-1}
          style={{ width: size.width, height: size.height }}
        />
        <div className="map-height" style={{ height: Math.max(0, layout.height - size.height) }} />
        {overlay && layout instanceof LineLayout ? (
          <div className="map-magnified" style={{ top: layout.textTop(magnified) + LINE }}>
            <Magnified row={overlay.row} world={world} page={selected} focus={focus} planned={overlay.planned} />
          </div>
        ) : null}
      </div>
      {layout instanceof FlowLayout && layout.perCell > 1 ? (
        <p className="map-scale dim">{`A cell is ${plural(layout.perCell, 'page')}; private ones colour it.`}</p>
      ) : null}
      <div className="map-tip mono" ref={tip} hidden aria-hidden="true" />
      <p className="visually-hidden" id="map-cursor" aria-live="polite">
        {cursor === null ? '' : pageWords(world, index.space, cursor)}
      </p>
      <MapList layout={layout} scroller={scroller} />
    </div>
  );
}

const layoutLeft = (layout: FlowLayout | LineLayout): number =>
  layout instanceof FlowLayout ? layout.left : layout.columns.body;
