import type { EventLog } from '../../../core/model/eventLog.ts';
import { pageStart } from './mapRows.ts';
import { rowsOf } from './rows.ts';

/** What became of the fix of a fault. */
export interface FixSince {
  /** The row that brought its policy into force. */
  readonly applied: number;
  /** The policy that took its place, and by which row: another one, or the one before by a revert. */
  readonly replaced: { readonly row: number; readonly policy: string } | null;
  /** The same page was denied again since. */
  readonly again: boolean;
}

/** Whether `policy` came into force after the fault at row `fault` about `page`, and whether it still is. */
export function fixSince(log: EventLog, policy: string, page: number, fault: number, upTo: number): FixSince | null {
  let inForce: string | null = null;
  let applied: number | null = null;
  let replaced: FixSince['replaced'] = null;
  for (const row of rowsOf(log, 'policy', upTo)) {
    const facts = log.facts(row, 'policy');
    if (!facts || facts.why === 'manual' || facts.policy === inForce) continue;
    inForce = facts.policy;
    if (row <= fault) continue;
    if (inForce === policy) [applied, replaced] = [row, null];
    else if (applied !== null && !replaced) replaced = { row, policy: inForce };
  }
  if (applied === null) return null;
  const since = applied;
  const again = rowsOf(log, 'fault', upTo).some((row) => {
    const facts = row > since ? log.facts(row, 'fault') : null;
    return facts !== null && pageStart(Number(facts.address)) === page;
  });
  return { applied, replaced, again };
}
