import { memo, type ReactNode, type RefObject, useEffect, useState } from 'react';
import { hex } from '../../../core/contract/ids.ts';
import { protWords } from '../../../core/model/names.ts';
import type { World } from '../../../core/model/world.ts';
import { mapRow, type Run } from '../../store/selectors/mapRows.ts';
import { useKeyhole } from '../../store/store.ts';
import { bytes, plural } from '../../widgets/format.ts';
import { useSettled } from '../../widgets/useSettled.ts';
import { LineLayout, type MapLayout } from './layout.ts';

interface MapListProps {
  readonly layout: MapLayout;
  readonly scroller: RefObject<HTMLDivElement | null>;
}

/** More would take longer to hear than to scroll. */
const MOST = 40;
const SETTLED_MS = 200;

/** The lines in sight in words, for a screen reader: what the canvas shows to the eye, once that stands still. */
export function MapList({ layout, scroller }: MapListProps): ReactNode {
  return <Lines layout={useSettled(layout, SETTLED_MS)} scroller={scroller} />;
}

const Lines = memo(function Lines({ layout, scroller }: MapListProps): ReactNode {
  const { index } = layout;
  const { world } = index;
  const select = useKeyhole((s) => s.select);
  const [first, setFirst] = useState(0);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let timer = 0;
    const settle = (): void => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        if (layout instanceof LineLayout) setFirst(Math.max(0, layout.at(element.scrollTop)));
        else setFirst(Math.max(0, index.at(layout.addressAt(layout.left + 1, element.scrollTop + 10))));
      }, SETTLED_MS);
    };
    settle();
    element.addEventListener('scroll', settle);
    return () => {
      clearTimeout(timer);
      element.removeEventListener('scroll', settle);
    };
  }, [scroller, layout, index]);
  const lines = layout instanceof LineLayout ? layout.length : index.length;
  const from = Math.min(first, Math.max(0, lines - 1));
  const shown = Array.from({ length: Math.min(MOST, lines - from) }, (_, i) =>
    layout instanceof LineLayout ? layout.line(from + i) : from + i,
  );
  return (
    <ul className="visually-hidden" aria-label={`Regions from line ${from + 1} of ${lines}`}>
      {shown.map((line) => {
        const row = mapRow(index, line);
        return (
          <li key={line}>
            <button type="button" tabIndex={-1} onClick={() => select({ kind: 'page', pid: row.pid, addr: row.start })}>
              {`${row.owner} ${row.text}, ${hex(row.start)}, ${protWords(row.prot)}, ${bytes(row.end - row.start)}: `}
              {row.runs
                .slice(0, 6)
                .map((run) => runWords(world, run))
                .join(', ')}
              {row.notes.length > 0 ? `; ${row.notes.join('; ')}` : ''}
            </button>
          </li>
        );
      })}
    </ul>
  );
});

function runWords(world: World, run: Run): string {
  const pages = plural((run.end - run.start) / 4096, 'page');
  if (run.prot === 0) return `${pages} without access`;
  if (run.key === null) return `${pages} of unknown key`;
  return `${pages} key ${run.key} ${world.keyName(run.key) ?? ''}`.trim();
}
