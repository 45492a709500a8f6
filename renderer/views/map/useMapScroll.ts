import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { nextZoom } from '../../store/mapView.ts';
import { useKeyhole } from '../../store/store.ts';
import type { MapLayout } from './layout.ts';

/** How far a wheel turns with Ctrl held until the zoom changes. */
const NOTCH = 60;
/** Room for the magnified pages below a selected line. */
const BELOW = 56;

/**
 * Where the map is scrolled to: what was under the pointer stays there when the zoom changes, and a new selection comes
 * into sight, and one in sight stays where it is when memory comes and goes around it. Answers how to zoom around a page that is drawn `y` pixels below the top.
 */
export function useMapScroll(
  scroller: RefObject<HTMLDivElement | null>,
  layout: MapLayout,
  height: number,
  selected: number,
  pageAt: (clientX: number, clientY: number) => number,
): (by: 1 | -1, addr: number, y: number) => void {
  const zoom = useKeyhole((s) => s.zoom);
  const setZoom = useKeyhole((s) => s.setZoom);
  const anchor = useRef<{ addr: number; y: number } | null>(null);
  const box = selected < 0 ? null : layout.boxOf(selected);
  const before = useRef<{ selected: number; y: number; height: number } | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    const kept = anchor.current;
    anchor.current = null;
    const to = kept && layout.boxOf(kept.addr);
    const was = before.current;
    before.current = box && { selected, y: box.y, height: box.height };
    if (!element) return;
    const top = element.scrollTop;
    if (kept && to) element.scrollTop = to.y - kept.y;
    else if (box && was?.selected === selected && was.y + was.height > top && was.y < top + height)
      element.scrollTop = top + box.y - was.y;
  }, [layout, scroller, box, selected, height]);

  // The map may lag behind the selection: a page comes into sight once the map has it.
  const known = box !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection or zoom brings it into sight
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && box && height > 0) {
      intoSight(element, box.y, box.y + box.height + (zoom === 'lines' ? BELOW : 0), height, 40);
    }
  }, [selected, known, height > 0]);

  const zoomAround = (by: 1 | -1, addr: number, y: number): void => {
    if (nextZoom(zoom, by) === zoom) return;
    if (addr >= 0) anchor.current = { addr, y };
    setZoom(nextZoom(zoom, by));
  };
  const latest = useRef({ zoomAround, pageAt });
  latest.current = { zoomAround, pageAt };
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let turned = 0;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      turned += event.deltaY;
      if (Math.abs(turned) < NOTCH) return;
      const { clientX, clientY } = event;
      const y = clientY - element.getBoundingClientRect().top;
      latest.current.zoomAround(turned < 0 ? 1 : -1, latest.current.pageAt(clientX, clientY), y);
      turned = 0;
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [scroller]);
  return zoomAround;
}

/** Scrolls just so far that `[top, bottom)` is in sight, with room around it. */
export function intoSight(element: HTMLElement, top: number, bottom: number, height: number, room: number): void {
  if (top < element.scrollTop) element.scrollTop = Math.max(0, top - room);
  else if (bottom > element.scrollTop + height) element.scrollTop = bottom - height + room;
}
