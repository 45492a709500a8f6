import type { ReactNode } from 'react';
import type { PlanStep } from '../../../core/contract/details.ts';
import { hex, PAGE } from '../../../core/contract/ids.ts';
import { fsOffset } from '../../../core/model/tls.ts';
import type { World } from '../../../core/model/world.ts';
import type { Focus } from '../../store/selectors/focus.ts';
import type { MapRow } from '../../store/selectors/mapRows.ts';
import { magnifiedPages, type PageFacts } from '../../store/selectors/pages.ts';
import { useKeyhole } from '../../store/store.ts';
import { keyLetter, keyPattern } from '../../theme/keys.ts';
import { Cross } from '../../widgets/controls.tsx';
import { tail } from '../../widgets/format.ts';
import { copies } from '../../widgets/value.tsx';

interface MagnifiedProps {
  readonly row: MapRow;
  readonly world: World;
  readonly page: number;
  readonly focus: Focus;
  readonly planned: readonly PlanStep[];
}

/** The selected page and its neighbours, large enough to say what lives there. */
export function Magnified({ row, world, page, focus, planned }: MagnifiedProps): ReactNode {
  const log = useKeyhole((s) => s.log);
  const select = useKeyhole((s) => s.select);
  const space = world.spaces.get(row.pid);
  if (!space) return null;
  const last = focus.fault === null ? null : log.facts(focus.fault, 'fault');
  // Once the page has another key the mark of the denial would say what is no longer so.
  const fault = last && space.at(page)?.key === last.key ? last : null;
  return (
    <div className="magnified" role="group" aria-label="The selected page and its neighbours">
      {magnifiedPages(world, space, page).map((facts) => (
        <button
          key={facts.start}
          type="button"
          className="big-cell"
          tabIndex={-1}
          data-key={facts.key ?? 'unknown'}
          data-look={facts.look}
          data-pattern={facts.key === null || facts.look !== 'key' ? undefined : keyPattern(facts.key)}
          data-carve={facts.carveOut !== null || planned.some((step) => Number(step.start) === facts.start)}
          data-selected={facts.start === page}
          data-fault={fault !== null && facts.start === page}
          aria-pressed={facts.start === page}
          {...copies(
            hex(facts.start),
            `page ${hex(facts.start)}, ${facts.owner}${facts.what ? `, ${facts.what}` : ''}`,
          )}
          onClick={() => select({ kind: 'page', pid: row.pid, addr: facts.start })}
        >
          <span className="clip">
            {facts.look === 'key' ? <b className="mono">{keyLetter(facts.key)}</b> : null}{' '}
            <strong>{facts.owner}</strong>
          </span>
          <BigCellNote facts={facts} fault={facts.start === page ? fault && faultWords(fault) : null} />
          {fault !== null && facts.start === page ? <Cross size={18} /> : null}
        </button>
      ))}
    </div>
  );
}

function BigCellNote({ facts, fault }: { facts: PageFacts; fault: string | null }): ReactNode {
  return (
    <span className="clip">
      {facts.title ? <strong>{facts.title} </strong> : null}
      <span className="mono">{tail(facts.start)}</span>
      {fault ? <span>, {fault}</span> : facts.what ? <span> {facts.what}</span> : null}
    </span>
  );
}

const faultWords = (fault: { access: string; address: string; tp: string }): string => {
  const offset = Number(fault.address) - Number(fault.tp);
  const near = Math.abs(offset) < 16 * PAGE;
  return `${fault.access === 'unknown' ? 'access' : fault.access} at ${near ? fsOffset(offset) : fault.address}`;
};
