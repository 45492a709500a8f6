import { useCallback, useMemo } from 'react';
import type { PlanStep } from '../../../core/contract/details.ts';
import { type MapOrder, positionOf } from '../../../core/model/mapDetail.ts';
import type { MapIndex } from '../../../core/model/mapIndex.ts';
import { mapRow } from '../../store/selectors/mapRows.ts';
import { useKeyhole } from '../../store/store.ts';
import { readInks } from '../../widgets/canvas.tsx';
import { LineLayout, layoutOf, type MapLayout } from './layout.ts';
import { changesOf, type Looks, looksOf } from './looks.ts';
import { type Drawn, drawnLine } from './paintLines.ts';

/** What there is to draw, and where. */
export interface MapDrawing {
  readonly index: MapIndex;
  readonly order: MapOrder;
  readonly layout: MapLayout;
  readonly looks: Looks;
  /** A line in words and marks, put together once. */
  readonly drawn: (line: number) => Drawn;
  /** Address of the selected page and the line that holds it; -1 for none. */
  readonly selected: number;
  readonly line: number;
  /** Position of that line in the order. */
  readonly magnified: number;
}

/** The drawing of a map of that size; the same one as long as it looks the same. `now` is the instant that ages are counted from. */
export function useMapDrawing(
  index: MapIndex,
  order: MapOrder,
  size: { readonly width: number; readonly height: number },
  selected: number,
  now: number,
  steps: readonly PlanStep[],
): MapDrawing {
  const theme = useKeyhole((s) => s.theme);
  const zoom = useKeyhole((s) => s.zoom);
  const colouring = useKeyhole((s) => s.colouring);
  const log = useKeyhole((s) => s.log);
  const line = selected < 0 ? -1 : index.at(selected);
  const magnified = useMemo(() => (line < 0 ? -1 : positionOf(order, line)), [order, line]);
  const layout = useMemo(
    () => layoutOf(index, order, zoom, size.width, size.height, magnified),
    [index, order, zoom, size.width, size.height, magnified],
  );
  const room = layout instanceof LineLayout ? layout.columns.end - layout.columns.body : 0;
  const from = colouring === 'change' ? now : 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the index matters to one colouring alone
  const looks = useMemo(() => {
    const inks = readInks(document.documentElement, theme);
    const { world, space } = index;
    return looksOf(colouring, inks, colouring === 'change' ? changesOf(log, space.pid, world.index, from) : undefined);
  }, [colouring, theme, log, from, colouring === 'change' ? index : null]);
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
  return useMemo(
    () => ({ index, order, layout, looks, drawn, selected, line, magnified }),
    [index, order, layout, looks, drawn, selected, line, magnified],
  );
}
