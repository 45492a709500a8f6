import type { EventLog } from '../../../core/model/eventLog.ts';
import { compartmentName, shortModule } from '../../../core/model/names.ts';
import { compartmentOf, rightsHex } from '../../../core/model/rights.ts';
import { signalRights } from '../../../core/model/signalRights.ts';
import type { World } from '../../../core/model/world.ts';
import { rowsOf } from '../../store/selectors/rows.ts';

/** An event of the load-order lane, in the fewest words. */
export function loadWords(log: EventLog, row: number): string {
  switch (log.kind(row)) {
    case 'module-load':
      return shortModule(log.facts(row, 'module-load')?.name || 'module');
    case 'module-unload':
      return 'unloaded';
    case 'tag': {
      const { keyAfter } = log.at(row);
      return keyAfter === null ? 'tagged' : `key ${keyAfter}`;
    }
    default:
      return log.facts(row, 'mark')?.text ?? 'mark';
  }
}

/** The same with what it is about: `libdav1d loaded`, `libdav1d gets key 2`. */
export function loadSentence(log: EventLog, row: number): string {
  const { start } = log.at(row);
  const kind = log.kind(row);
  if (kind === 'mark') return loadWords(log, row);
  const load = rowsOf(log, 'module-load', row).findLast((at) => {
    const module = log.at(at);
    return module.start <= start && start < module.end;
  });
  const name = load === undefined ? 'a module' : shortModule(log.facts(load, 'module-load')?.name || 'a module');
  if (kind === 'tag') return `${name} gets ${loadWords(log, row)}`;
  return `${name} ${kind === 'module-load' ? 'loaded' : 'unloaded'}`;
}

/** A signal: whose, which, and what the thread's rights were when it came, in its handler, and after that. */
export function signalWords(world: World, log: EventLog, row: number): string {
  const { tid, rights } = log.at(row);
  const at = signalRights(log, row);
  const thread = tid === null ? undefined : world.threads.get(tid);
  const name = log.facts(row, 'signal')?.signal ?? 'signal';
  const key = compartmentOf(rights);
  const as = key === null ? '' : ` as ${compartmentName(world.session, key) ?? `key ${key}`}`;
  const pkru = at?.handled
    ? `, PKRU ${rightsHex(at.before)} before, ${rightsHex(at.inside)} inside, ${rightsHex(at.after)} after`
    : `, PKRU ${rightsHex(at?.before ?? null)}, no handler`;
  return `${thread ? `T${thread.number} ` : ''}${name}${as}${pkru}`;
}
