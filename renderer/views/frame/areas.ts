/** Areas in the order that F6 walks through them. */
const areas = ['.top-bar', '.left-panel', '.middle-panel', '.card-panel', '.bottom-panel'];

/** Moves the focus to the first control of the next area, or of the one before. */
export function nextArea(back: boolean): void {
  const here = areas.findIndex((area) => document.activeElement?.closest(area));
  const from = here < 0 && back ? 0 : here;
  const next = document.querySelector(areas[(from + (back ? areas.length - 1 : 1)) % areas.length] ?? '');
  next?.querySelector<HTMLElement>('button:not(:disabled), [tabindex="0"], input')?.focus();
}
