import {
  type PointerEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { PlanStep } from '../../../core/contract/details.ts';
import type { MapOrder } from '../../../core/model/mapDetail.ts';
import type { MapIndex } from '../../../core/model/mapIndex.ts';
import type { World } from '../../../core/model/world.ts';
import { nextZoom } from '../../store/mapView.ts';
import type { Focus } from '../../store/selectors/focus.ts';
import { mapRow, pageStart } from '../../store/selectors/mapRows.ts';
import { useKeyhole } from '../../store/store.ts';
import { readInks } from '../../widgets/canvas.tsx';
import { plural } from '../../widgets/format.ts';
import { useSize } from '../../widgets/useSize.ts';
import { FlowLayout, LINE, LineLayout, layoutOf } from './layout.ts';
import { looksOf } from './looks.ts';
import { Magnified } from './Magnified.tsx';
import { MapList } from './MapList.tsx';
import { pageWords } from './pageWords.ts';
import { paintFlow } from './paintCells.ts';
import { type Drawn, drawnLine, markEdges, paintLines } from './paintLines.ts';
import { steppedFrom } from './steps.ts';

interface MapCanvasProps {
  readonly index: MapIndex;
  readonly order: MapOrder;
  readonly world: World;
  readonly focus: Focus;
  readonly steps: readonly PlanStep[];
}

/** How far a press may move and still be a click. */
const STILL = 4;

/** The pages on one canvas that follows the scroll position; the page under the selection is magnified. */
export function MapCanvas({ index, order, world, focus, steps }: MapCanvasProps): ReactNode {
  const theme = useKeyhole((s) => s.theme);
  const zoom = useKeyhole((s) => s.zoom);
  const setZoom = useKeyhole((s) => s.setZoom);
  const colouring = useKeyhole((s) => s.colouring);
  const select = useKeyhole((s) => s.select);
  const log = useKeyhole((s) => s.log);
  const [scroller, size] = useSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const { pid } = index.space;

  const selected = focus.addr !== null && (focus.pid === null || focus.pid === pid) ? pageStart(focus.addr) : -1;
  const line = selected < 0 ? -1 : index.at(selected);
  const magnified = useMemo(() => (line < 0 ? -1 : order.lines.indexOf(line)), [order, line]);
  const layout = useMemo(
    () => layoutOf(index, order, zoom, size.width, size.height, magnified),
    [index, order, zoom, size.width, size.height, magnified],
  );
  const room = layout instanceof LineLayout ? layout.columns.end - layout.columns.body : 0;
  const now = colouring === 'change' ? world.time : 0;
  const looks = useMemo(() => {
    const inks = readInks(document.documentElement, theme);
    return looksOf(colouring, inks, (row) => log.time(row), now);
  }, [colouring, theme, log, now]);
  // Lines are put into words once, however often they come by.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was drawn is for these
  const kept = useMemo(() => new Map<number, Drawn>(), [index, looks, steps, room]);
  const drawn = useCallback(
    (i: number): Drawn => {
      const known = kept.get(i);
      if (known) return known;
      const made = drawnLine(index, i, mapRow(index, i), looks, steps, room);
      kept.set(i, made);
      return made;
    },
    [kept, index, looks, steps, room],
  );

  // Kept here: asking the element while it is being changed would make the browser lay out the page.
  const scrolled = useRef(0);
  const paint = useRef<() => void>(() => {});
  paint.current = () => {
    const element = canvas.current;
    const top = scrolled.current;
    const c = element?.getContext('2d');
    if (!element || !c || size.width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (element.width !== width || element.height !== height) [element.width, element.height] = [width, height];
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, size.width, size.height);
    const inks = readInks(element, theme);
    const sight = { top, width: size.width, height: size.height };
    if (layout instanceof FlowLayout) paintFlow(c, inks, index, order, layout, looks, sight);
    else {
      const box = layout.zoom === 'lines' ? LINE + 56 : LINE * Math.max(1, layout.rows(Math.max(0, magnified)));
      const of = (k: number): Drawn => drawn(layout.line(k));
      paintLines(c, inks, { layout, sight, looks, drawn: of, selected, selectedHeight: box });
    }
    const around = (addr: number, colour: string): void => {
      const found = layout.boxOf(addr);
      if (!found) return;
      c.strokeStyle = colour;
      c.lineWidth = 2;
      c.strokeRect(found.x - 1.5, found.y - top - 1.5, found.width + 3, found.height + 3);
      c.lineWidth = 1;
    };
    if (selected >= 0 && zoom !== 'lines') around(selected, inks.ink);
    if (cursor !== null && document.activeElement === scroller.current) around(cursor, inks.edge);
  };
  useEffect(() => paint.current());
  const frame = useRef(0);
  const repaint = useCallback(() => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => paint.current());
  }, []);

  /** The page under a point of the screen; the first of a run where pages are compressed. */
  const pageAt = (clientX: number, clientY: number): number => {
    const element = scroller.current;
    if (!element) return -1;
    const box = element.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top + element.scrollTop];
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
  };

  // What was under the pointer stays there when the zoom changes; a new selection comes into sight.
  const anchor = useRef<{ addr: number; y: number } | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    const kept = anchor.current;
    anchor.current = null;
    const box = kept && layout.boxOf(kept.addr);
    if (element && kept && box) element.scrollTop = box.y - kept.y;
  }, [layout, scroller]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection or zoom brings it into sight
  useLayoutEffect(() => {
    const element = scroller.current;
    const box = selected < 0 ? null : layout.boxOf(selected);
    if (!element || !box || size.height === 0) return;
    const height = box.height + (zoom === 'lines' ? 56 : 0);
    if (box.y < element.scrollTop) element.scrollTop = Math.max(0, box.y - 40);
    else if (box.y + height > element.scrollTop + size.height) element.scrollTop = box.y + height - size.height + 40;
  }, [selected, size.height > 0]);

  const zoomBy = (by: 1 | -1, clientX: number, clientY: number): void => {
    const next = nextZoom(zoom, by);
    if (next === zoom) return;
    const element = scroller.current;
    const found = pageAt(clientX, clientY);
    const y = clientY - (element?.getBoundingClientRect().top ?? 0);
    if (found >= 0) anchor.current = { addr: found, y };
    setZoom(next);
  };
  const zoomRef = useRef(zoomBy);
  zoomRef.current = zoomBy;
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let turned = 0;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      turned += event.deltaY;
      if (Math.abs(turned) < 60) return;
      zoomRef.current(turned < 0 ? 1 : -1, event.clientX, event.clientY);
      turned = 0;
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [scroller]);

  const hover = (event: PointerEvent): void => {
    const element = tip.current;
    const box = scroller.current?.getBoundingClientRect();
    if (!element || !box) return;
    const addr = pageAt(event.clientX, event.clientY);
    element.hidden = addr < 0;
    if (addr < 0) return;
    element.textContent = pageWords(world, index.space, addr);
    const x = event.clientX - box.left;
    element.style.transform = `translate(${x > box.width / 2 ? `calc(${x - 8}px - 100%)` : `${x + 12}px`}, ${event.clientY - box.top + 16}px)`;
  };
  const press = (event: PointerEvent<HTMLDivElement>): void => {
    const element = event.currentTarget;
    if (event.button !== 0 || (event.target as Element).closest('.map-magnified')) return;
    const [x, y, top] = [event.clientX, event.clientY, element.scrollTop];
    let dragged = false;
    const move = (e: globalThis.PointerEvent): void => {
      dragged ||= Math.hypot(e.clientX - x, e.clientY - y) > STILL;
      if (dragged) element.scrollTop = top - (e.clientY - y);
    };
    const stop = (e: globalThis.PointerEvent): void => {
      for (const [name, listener] of listeners) window.removeEventListener(name, listener);
      if (dragged || e.type !== 'pointerup') return;
      const addr = pageAt(e.clientX, e.clientY);
      if (addr < 0) return;
      setCursor(addr);
      select({ kind: 'page', pid, addr });
    };
    const listeners = [
      ['pointermove', move],
      ['pointerup', stop],
      ['pointercancel', stop],
    ] as const;
    for (const [name, listener] of listeners) window.addEventListener(name, listener);
  };

  const onKeyDown = (event: React.KeyboardEvent<HTMLDivElement>): void => {
    const element = scroller.current;
    if (!element || event.target !== element || event.altKey || event.ctrlKey || event.shiftKey) return;
    const box = element.getBoundingClientRect();
    const from = cursor ?? (selected >= 0 ? selected : null);
    if (event.key === '+' || event.key === '=' || event.key === '-') {
      const at = from === null ? null : layout.boxOf(from);
      if (at && from !== null) anchor.current = { addr: from, y: at.y - element.scrollTop };
      setZoom(nextZoom(zoom, event.key === '-' ? -1 : 1));
    } else if (event.key === '0') setZoom('lines');
    else if ((event.key === 'Enter' || event.key === ' ') && cursor !== null)
      select({ kind: 'page', pid, addr: cursor });
    else {
      const marks = (i: number) => drawn(i).marks.marks.map((mark) => mark.start);
      const visible = pageAt(box.left + layoutLeft(layout) + 2, box.top + 24);
      const to = steppedFrom(
        index,
        order,
        layout,
        from ?? (visible >= 0 ? visible : index.start(order.lines[0] ?? 0)),
        event.key,
        marks,
      );
      if (to === null) return;
      setCursor(to);
      const at = layout.boxOf(to);
      if (at && at.y < element.scrollTop) element.scrollTop = Math.max(0, at.y - 30);
      else if (at && at.y + at.height > element.scrollTop + box.height)
        element.scrollTop = at.y + at.height - box.height + 30;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const overlay = zoom === 'lines' && layout instanceof LineLayout && magnified >= 0 ? drawn(line) : null;
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
          repaint();
        }}
        onFocus={repaint}
        onBlur={repaint}
        onKeyDown={onKeyDown}
        onPointerDown={press}
        onPointerMove={hover}
        onPointerLeave={() => {
          if (tip.current) tip.current.hidden = true;
        }}
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
