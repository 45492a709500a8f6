import type { ReactNode } from 'react';
import type { Tid } from '../../../core/contract/ids.ts';
import { rightsHex, rightsWords } from '../../../core/model/rights.ts';
import { signalRights } from '../../../core/model/signalRights.ts';
import type { World } from '../../../core/model/world.ts';
import { rowsOf } from '../../store/selectors/rows.ts';
import { showEvent } from '../../store/steps.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { seconds } from '../../widgets/format.ts';
import { Part } from './parts.tsx';

/** Signals listed; there may be thousands. */
const MOST = 12;

/** The signals of a thread, with its rights before, inside and after the handler. */
export function Signals({ world, tid }: { world: World; tid: Tid }): ReactNode {
  const store = useStoreApi();
  const log = useKeyhole((s) => s.log);
  const rows = rowsOf(log, 'signal', world.index).filter((row) => log.columns.tid[row] === tid);
  if (rows.length === 0) return null;
  return (
    <Part title="Signals" aside={`${rows.length}, PKRU before, inside and after`}>
      <ul>
        {rows.slice(-MOST).map((row) => {
          const at = signalRights(log, row);
          const rights = at?.handled ? [at.before, at.inside, at.after] : [at?.before ?? null];
          return (
            <li key={row}>
              <button
                type="button"
                className="card-row"
                title={rights.map(rightsWords).join(' → ')}
                onClick={() => showEvent(store, row)}
              >
                <span className="mono dim">{seconds(log.time(row))}</span>
                <span className="clip">{log.facts(row, 'signal')?.signal ?? 'signal'}</span>
                <span className="mono signal-rights">
                  {rights.map(rightsHex).join(' → ')}
                  {at?.handled ? '' : ', no handler'}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Part>
  );
}
