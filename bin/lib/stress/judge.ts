/** What is wrong with one recording under load. */
import type { RecordSummary } from '../../../core/contract/record.ts';

/** What may go wrong: no end in time, dropped events, another end than alone, births without exits. */
export const kinds = ['hangs', 'lost', 'bad exits', 'births'] as const;
export type Kind = (typeof kinds)[number];

/** How `keyhole record --json` ended. */
export interface Outcome {
  /** False when it had to be killed. */
  readonly inTime: boolean;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `says` is what the program prints, once it has done its work. */
export function judge({ inTime, status, stdout, stderr }: Outcome, says: RegExp): Kind[] {
  if (!inTime) return ['hangs'];
  const summary = summaryOf(stdout);
  if (status !== 0 || summary === null) return ['bad exits'];
  const { exit, events } = summary;
  const count = (kind: string): number => events.byKind[kind] ?? 0;
  const wrong: Kind[] = [];
  if (events.dropped !== 0) wrong.push('lost');
  if (exit === null || !('code' in exit) || exit.code !== 0 || !says.test(stderr)) wrong.push('bad exits');
  const born = count('thread-birth') > 0 && count('process-birth') > 0;
  const gone = count('thread-birth') === count('thread-exit') && count('process-birth') === count('process-exit');
  if (!born || !gone) wrong.push('births');
  return wrong;
}

function summaryOf(text: string): RecordSummary | null {
  try {
    return JSON.parse(text) as RecordSummary;
  } catch {
    return null;
  }
}
