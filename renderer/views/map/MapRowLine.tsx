import { type MouseEvent, memo, type ReactNode, useMemo } from 'react';
import type { PlanStep } from '../../../core/contract/details.ts';
import { hex, PAGE } from '../../../core/contract/ids.ts';
import type { World } from '../../../core/model/world.ts';
import type { Focus } from '../../store/selectors/focus.ts';
import { type MapRow, pageStart, plannedCarveOuts } from '../../store/selectors/mapRows.ts';
import { useKeyhole } from '../../store/store.ts';
import { keyLetter, keyPattern } from '../../theme/keys.ts';
import { bytes, plural, prot } from '../../widgets/format.ts';
import { Address } from '../../widgets/value.tsx';
import { Magnified } from './Magnified.tsx';
import { type Mark, marksOf } from './runs.ts';

interface MapRowLineProps {
  readonly row: MapRow;
  readonly top: boolean;
  readonly world: World;
  readonly room: number;
  readonly steps: readonly PlanStep[];
  /** Set on the row that holds the selected page. */
  readonly focus: Focus | null;
}

const NOTE_ROOM = 150;

/** One line of the map; with its pages magnified below when the selection lies on it. */
export function MapRowLine({ row, top, world, room, steps, focus }: MapRowLineProps): ReactNode {
  const planned = useMemo(() => plannedCarveOuts(row, steps), [row, steps]);
  const notes = planned.map((step) => `${step.what} would be shared, ${step.rule}`).concat(row.notes);
  const { marks, more } = useMemo(
    () => marksOf(row.runs, keyLetter, room - (notes.length > 0 ? NOTE_ROOM : 0)),
    [row, room, notes.length],
  );
  const page = focus?.addr == null ? null : pageStart(focus.addr);
  return (
    <div className="map-row-box" data-first={row.first && !top} data-selected={focus !== null}>
      <div className="map-row">
        <span
          className="clip map-owner"
          role="rowheader"
          tabIndex={-1}
          title={row.gap > 0 ? `${bytes(row.gap)} unmapped before` : row.owner}
        >
          {row.first ? row.owner : <span className="visually-hidden">{row.owner || 'nobody’s'}</span>}
        </span>
        <span className="clip ink2" role="gridcell" tabIndex={-1} title={row.text}>
          {row.text}
        </span>
        <span role="gridcell" tabIndex={-1}>
          <Address at={row.start} dim={4} />
        </span>
        <span className="mono dim" role="gridcell" tabIndex={-1}>
          {row.prot === null ? '???' : prot(row.prot)}
        </span>
        <span className="map-marks" role="gridcell" tabIndex={-1}>
          {marks.map((mark) => (
            <MarkButton key={mark.start} mark={mark} row={row} world={world} planned={planned} page={page} />
          ))}
          {more > 0 ? <span className="map-more dim">+{plural(more, 'run')}</span> : null}
          {notes.length > 0 ? (
            <span className="map-note clip" title={notes.join('; ')}>
              {notes.join('; ')}
            </span>
          ) : null}
        </span>
        <span className="num dim" role="gridcell" tabIndex={-1}>
          {bytes(row.end - row.start)}
        </span>
      </div>
      {page !== null && focus ? (
        <Magnified row={row} world={world} page={page} focus={focus} planned={planned} />
      ) : null}
    </div>
  );
}

interface MarkButtonProps {
  readonly mark: Mark;
  readonly row: MapRow;
  readonly world: World;
  readonly planned: readonly PlanStep[];
  readonly page: number | null;
}

const MarkButton = memo(function MarkButton({ mark, row, world, planned, page }: MarkButtonProps): ReactNode {
  const select = useKeyhole((s) => s.select);
  const end = mark.start + mark.pages * PAGE;
  const { key, carveOut } = mark.run;
  const would = planned.some((step) => mark.start < Number(step.end) && Number(step.start) < end);
  const whose = key === null ? 'key unknown' : `key ${key}${world.keyName(key) ? ` ${world.keyName(key)}` : ''}`;
  const title = [
    mark.look === 'closed' && mark.pages === 1 ? '' : mark.text,
    `${plural(mark.pages, 'page')} at ${hex(mark.start)}`,
    mark.look === 'hollow' ? 'read-only, never tagged' : mark.look === 'closed' ? 'no access' : whose,
    mark.run.prot === null ? 'protection unknown' : prot(mark.run.prot),
    carveOut ? `carve-out by ${carveOut}` : '',
  ]
    .filter(Boolean)
    .join(', ');
  const pick = (event: MouseEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = event.detail === 0 ? 0 : Math.floor(((event.clientX - box.left) / box.width) * mark.pages);
    const addr = mark.start + Math.min(mark.pages - 1, Math.max(0, at)) * PAGE;
    select({ kind: 'page', pid: row.pid, addr });
  };
  return (
    <button
      type="button"
      className="mark"
      tabIndex={-1}
      data-look={mark.look}
      data-key={key ?? 'unknown'}
      data-pattern={key === null || mark.look !== 'key' ? undefined : keyPattern(key)}
      data-cell={mark.pages === 1}
      data-carve={carveOut !== null || would}
      data-on={page !== null && mark.start <= page && page < end}
      data-copy={hex(mark.start)}
      style={{ width: mark.width }}
      title={title}
      aria-label={title}
      onClick={pick}
    >
      {mark.look === 'closed' && mark.pages === 1 ? '' : mark.text}
    </button>
  );
});
