/** Each program three ways: on emulated keys, on the hardware backend, and alone on real keys. */
import { readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import type { ExitFacts } from '../../../core/contract/details.ts';
import {
  differences,
  occursOn,
  plainOutput,
  unexplained,
  withoutMemory,
} from '../../../native/targets/conformance/compare.ts';
import { limits } from '../../../native/targets/conformance/limits.ts';
import { type Recorded, readRecording } from '../../../native/targets/conformance/recording.ts';
import { sequencesOf } from '../../../native/targets/conformance/sequences.ts';
import { renewed, type TableRow } from '../../../native/targets/conformance/table.ts';
import { denied } from '../../../native/targets/gated.ts';
import { type Job, left } from './jobs.ts';
import type { Verdict } from './judge.ts';
import type { Machine } from './machine.ts';

interface Work {
  readonly jobs: readonly Job[];
  readonly on: Machine;
  /** Recordings on emulated keys; none where the CPU has real ones, which would not let them be emulated. */
  readonly emulated: string;
  readonly results: string;
  /** Renew the table in the documentation instead of holding it to what was found; null: leave it alone. */
  readonly table: boolean | null;
}

const document = 'docs/emulation-limits.md';

const endOf = (exit: ExitFacts | null): string => {
  if (exit === null) return 'unknown';
  return 'code' in exit ? `exit ${exit.code}` : `killed by ${exit.signal}`;
};

/** What a shell calls the end of a program: 128 and the signal. */
function shellEnd(status: number): string {
  const signals: Readonly<Record<number, string>> = {
    ...{ 132: 'SIGILL', 134: 'SIGABRT', 137: 'SIGKILL', 139: 'SIGSEGV', 143: 'SIGTERM' },
  };
  const signal = signals[status];
  return signal ? `killed by ${signal}` : `exit ${status}`;
}

/** The program's own word for it: what it writes and how it ends with nobody watching. */
function againstAlone(job: Job, { output, exit }: Recorded, results: string): string[] {
  const read = (ending: string): string => readFileSync(join(results, left.alone, `${job.name}.${ending}`), 'utf8');
  const [end, endAlone] = [endOf(exit), shellEnd(Number(read('status')))];
  if (diesOfPolicy(job, exit)) {
    // Alone nothing denies it anything; the targets that say so end with 3.
    const expected = denied.some((name) => name === job.title) ? 'exit 3' : 'exit 0';
    return endAlone === expected ? [] : [`alone: ${endAlone}, expected ${expected}`];
  }
  const [watched, alone] = [plainOutput(output), plainOutput(read('out'))];
  return [
    ...(end === endAlone ? [] : [`alone: ${endAlone}, under Keyhole: ${end}`]),
    ...(watched === alone ? [] : [`alone it wrote ${JSON.stringify(alone)}, under Keyhole ${JSON.stringify(watched)}`]),
  ];
}

const diesOfPolicy = ({ launch }: Job, exit: ExitFacts | null): boolean =>
  launch.policy !== 'observe' && exit !== null && 'signal' in exit;

function rowOf(job: Job, { log, exit }: Recorded): TableRow {
  const sequences = sequencesOf(log);
  const lines = [...sequences.values()].flat();
  const fault = lines.map((line) => /^fault (?:denied|rseq) (.*? key \d+)/.exec(line)?.[1]).find((one) => one);
  const code = exit && 'signal' in exit ? ` (si_code ${exit.siCode})` : '';
  const alone = diesOfPolicy(job, exit) ? 'ends by itself' : 'same';
  return { program: job.title, end: `${endOf(exit)}${code}`, fault: fault ?? 'none', alone };
}

/** One check for each program and way, and one for the table. */
export function compareRecordings({ jobs, on, emulated, results, table }: Work): Verdict {
  const lines: string[] = [];
  const rows: TableRow[] = [];
  const expected = limits.filter((limit) => occursOn(limit, release()));
  let passed = 0;
  let failed = 0;
  const check = (name: string, against: readonly string[]): void => {
    if (against.length === 0) passed++;
    else failed++;
    if (against.length > 0) lines.push(`FAILED ${name}:`, ...against.slice(0, 8).map((line) => `  ${line}`));
  };
  for (const job of jobs) {
    try {
      const real = readRecording(join(results, left.recordings), job.name);
      rows.push(rowOf(job, real));
      check(`${job.title}: alone and under Keyhole`, againstAlone(job, real, results));
      if (on !== 'guest') continue;
      const ours = readRecording(emulated, job.name);
      const pooled = job.launch.program === 'dav1d' && job.title.includes('threads');
      const [emulatedKeys, realKeys] = [ours, real].map(({ log }) =>
        pooled ? withoutMemory(sequencesOf(log)) : sequencesOf(log),
      );
      const found = differences(emulatedKeys ?? new Map(), realKeys ?? new Map());
      if (endOf(ours.exit) !== endOf(real.exit)) found.push(`emulated: ${endOf(ours.exit)}, real: ${endOf(real.exit)}`);
      check(`${job.title}: emulated and real keys`, unexplained(job.title, found, expected));
    } catch (error) {
      check(job.title, [error instanceof Error ? error.message : String(error)]);
    }
  }
  // The kernel of a CPU with keys may be another than the guest's: only the guest's is on record.
  if (on === 'guest' && table !== null) {
    const text = readFileSync(document, 'utf8');
    const now = renewed(text, rows, limits);
    if (table && failed === 0) writeFileSync(document, now);
    else
      check(
        `the table in ${document}`,
        text === now ? [] : ['it is not what was found; renew it: bin/test guest --table'],
      );
  }
  return { passed, failed, skipped: 0, lines };
}
