import type { PointerEvent, RefObject } from 'react';
import { visible } from '../../../core/model/visible.ts';

/** How far a press may move and still be a click. */
const STILL = 4;

interface MapPointer {
  readonly tip: RefObject<HTMLDivElement | null>;
  readonly pageAt: (clientX: number, clientY: number) => number;
  /** What is said of a page under the pointer. */
  readonly wordsOf: (addr: number) => string;
  readonly onPick: (addr: number) => void;
}

interface PointerHandlers {
  readonly onPointerDown: (event: PointerEvent<HTMLDivElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLDivElement>) => void;
  readonly onPointerLeave: () => void;
}

/** The pointer over the map: a tip beside it, a press that picks a page, a drag that scrolls. */
export function mapPointer({ tip, pageAt, wordsOf, onPick }: MapPointer): PointerHandlers {
  return {
    onPointerLeave: () => {
      if (tip.current) tip.current.hidden = true;
    },
    onPointerMove: ({ currentTarget, clientX, clientY }) => {
      const element = tip.current;
      if (!element) return;
      const addr = pageAt(clientX, clientY);
      element.hidden = addr < 0;
      if (addr < 0) return;
      const box = currentTarget.getBoundingClientRect();
      element.textContent = visible(wordsOf(addr));
      const x = clientX - box.left;
      const across = x > box.width / 2 ? `calc(${x - 8}px - 100%)` : `${x + 12}px`;
      element.style.transform = `translate(${across}, ${clientY - box.top + 16}px)`;
    },
    onPointerDown: (event) => {
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
        if (addr >= 0) onPick(addr);
      };
      const listeners = [
        ['pointermove', move],
        ['pointerup', stop],
        ['pointercancel', stop],
      ] as const;
      for (const [name, listener] of listeners) window.addEventListener(name, listener);
    },
  };
}
