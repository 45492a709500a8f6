import { EventLog } from '../../core/model/eventLog.ts';
import { recordSummary } from '../../core/model/summary.ts';
import type { Session } from '../session/session.ts';
import type { CliContext } from './context.ts';
import { describeSummary } from './describe.ts';
import { printableFacts } from './printable.ts';

/** The model's log over everything a session has recorded. */
export function modelLog(session: Session): EventLog {
  const log = new EventLog();
  for (const batch of session.log.batches) log.append(batch);
  return log;
}

/** Prints one JSON object, or text for a person. */
export function printSummary(context: CliContext, session: Session, json: boolean): void {
  const summary = recordSummary(modelLog(session));
  context.stdout.write(json ? `${JSON.stringify(summary)}\n` : describeSummary(printableFacts(summary)));
}
