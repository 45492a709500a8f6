import type { EventLog } from '../../../core/model/eventLog.ts';
import { compartmentName, shortModule } from '../../../core/model/names.ts';
import { compartmentOf } from '../../../core/model/rights.ts';
import type { World } from '../../../core/model/world.ts';

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

/** A signal: whose, which, and what the thread's rights were when it came. */
export function signalWords(world: World, log: EventLog, row: number): string {
  const { tid, rights } = log.at(row);
  const thread = tid === null ? undefined : world.threads.get(tid);
  const name = log.facts(row, 'signal')?.signal ?? 'signal';
  const key = compartmentOf(rights);
  const as = key === null ? '' : ` as ${compartmentName(world.session, key) ?? `key ${key}`}`;
  const pkru = rights === null ? '' : `, PKRU 0x${rights.toString(16).padStart(8, '0')}`;
  return `${thread ? `T${thread.number} ` : ''}${name}${as}${pkru}`;
}
