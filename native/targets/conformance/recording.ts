/** Reads what the driver recorded. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExitFacts } from '../../../core/contract/details.ts';
import type { RecordSummary } from '../../../core/contract/record.ts';
import { EventLog } from '../../../core/model/eventLog.ts';
import { openSnapshot } from '../../../electron/session/snapshot.ts';

export interface Recorded {
  readonly log: EventLog;
  readonly output: string;
  readonly exit: ExitFacts | null;
}

/** One recording in a folder; throws with the reason when it failed, or when Keyhole's map was not the kernel's. */
export function readRecording(folder: string, name: string): Recorded {
  const text = (ending: string): string => readFileSync(join(folder, `${name}.${ending}`), 'utf8');
  if (text('status') !== '0') throw new Error(`there is no recording: ${text('err')}`);
  const log = new EventLog();
  for (const batch of openSnapshot(join(folder, `${name}.keyhole`)).batches) log.append(batch);
  const { exit, findings }: RecordSummary = JSON.parse(text('json'));
  const differs = findings.find((finding) => finding.class === 'model-differs');
  if (differs) throw new Error(`the map differs from the kernel's: ${differs.text}`);
  return { log, output: text('err'), exit };
}
