import type { Virtualizer } from '@tanstack/react-virtual';
import type { KeyboardEvent, RefObject } from 'react';
import type { MapLine } from '../../store/selectors/mapRows.ts';

const marksIn = (line: Element | null | undefined): HTMLElement[] => [
  ...(line?.querySelectorAll<HTMLElement>('.map-row .mark') ?? []),
];

/** Arrows walk from cell to cell, brackets from region to region; the focus moves, the selection follows Enter. */
export function useMapKeys(
  scroller: RefObject<HTMLDivElement | null>,
  lines: readonly MapLine[],
  virtual: Virtualizer<HTMLDivElement, Element>,
): (event: KeyboardEvent) => void {
  const lineOf = (at: number): Element | null => scroller.current?.querySelector(`[data-line="${at}"]`) ?? null;

  const goTo = (line: number, column: number): void => {
    virtual.scrollToIndex(line, { align: 'auto' });
    // The line may only now come into the document.
    requestAnimationFrame(() => {
      const marks = marksIn(lineOf(line));
      marks[Math.min(column, marks.length - 1)]?.focus();
    });
  };

  const rowFrom = (at: number, by: 1 | -1, accept: (line: MapLine) => boolean): number => {
    for (let i = at + by; i >= 0 && i < lines.length; i += by) {
      const line = lines[i];
      if (line && line.kind === 'row' && accept(line)) return i;
    }
    return -1;
  };

  return (event) => {
    if (event.shiftKey || event.ctrlKey || event.altKey) return;
    const here = document.activeElement?.closest('.map-slot') ?? null;
    const inside = here !== null && scroller.current?.contains(here) === true;
    const line = inside ? Number(here.getAttribute('data-line')) : (virtual.getVirtualItems()[0]?.index ?? 0) - 1;
    const marks = marksIn(here);
    const column = marks.indexOf(document.activeElement as HTMLElement);
    const any = (): boolean => true;
    const first = (each: MapLine): boolean => each.kind === 'row' && each.first;
    let to = -1;
    let at = Math.max(0, column);
    if (event.key === 'ArrowDown') to = rowFrom(line, 1, any);
    else if (event.key === 'ArrowUp') to = rowFrom(line, -1, any);
    else if (event.key === ']') to = rowFrom(line, 1, first);
    else if (event.key === '[') to = rowFrom(line, -1, first);
    else if (inside && event.key === 'ArrowRight' && column + 1 < marks.length) [to, at] = [line, column + 1];
    else if (inside && event.key === 'ArrowLeft' && column > 0) [to, at] = [line, column - 1];
    else if (!inside || !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    if (to >= 0) goTo(to, at);
  };
}
