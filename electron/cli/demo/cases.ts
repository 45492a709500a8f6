import { basename } from 'node:path';
import { exitText } from '../describe.ts';
import type { KeyholeRun, NativeRun } from './runs.ts';

/** One row of the demonstration: a launch file of `examples/dav1d-split` and what has to come of it. */
export interface DemoCase {
  readonly file: string;
  /** Names each expectation that the run does not meet. */
  check(run: KeyholeRun, native: NativeRun): string[];
}

const dies = ({ summary }: KeyholeRun): string[] =>
  summary.exit && 'signal' in summary.exit && summary.exit.signal === 'SIGSEGV'
    ? []
    : [`outcome: expected SIGSEGV, got ${exitText(summary.exit)}`];

const firstIs = (run: KeyholeRun, what: 'class' | 'address', expected: string): string[] => {
  const got = run.first?.[what] ?? 'none';
  return got === expected ? [] : [`first denied access, ${what}: expected ${expected}, got ${got}`];
};

const insideDecoder = ({ first }: KeyholeRun): string[] =>
  basename(first?.module ?? '').startsWith('libdav1d')
    ? []
    : [`first denied access, instruction: expected inside libdav1d, got ${first?.module ?? 'unknown'}`];

/** Runs to the end with the output it has without Keyhole. */
const endsWell = (run: KeyholeRun, native: NativeRun): string[] => {
  const { exit } = run.summary;
  const ended = exit !== null && 'code' in exit && exit.code === 0;
  return [
    ...(ended ? [] : [`outcome: expected exit 0, got ${exitText(exit)}`]),
    ...(run.md5 !== null && run.md5 === native.md5
      ? []
      : [`output: expected MD5 ${native.md5 ?? 'none'} as without Keyhole, got ${run.md5 ?? 'none'}`]),
    ...(run.summary.crossings > 0 ? [] : ['crossings: expected some, got none']),
  ];
};

export const demoCases: readonly DemoCase[] = [
  { file: 'tag-all.json', check: (run) => [...dies(run), ...firstIs(run, 'class', 'kernel rseq kill')] },
  {
    file: 'tag-all-rseq-off.json',
    check: (run) => [
      ...dies(run),
      ...firstIs(run, 'class', 'stack-protector canary'),
      ...firstIs(run, 'address', '%fs:0x28'),
      ...insideDecoder(run),
    ],
  },
  { file: 'split.json', check: endsWell },
  { file: 'split-threads-2.json', check: endsWell },
];

/** Nothing was lost on the way from the engine to the table. */
export const checkNoneDropped = ({ summary }: KeyholeRun): string[] =>
  summary.events.dropped === 0 ? [] : [`events: ${summary.events.dropped} were dropped`];
