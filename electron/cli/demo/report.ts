import { basename } from 'node:path';
import { exitText } from '../describe.ts';
import { count, table } from '../table.ts';
import type { KeyholeRun, NativeRun } from './runs.ts';

export interface DemoRow {
  readonly policy: string;
  readonly rseq: 'keep' | 'off';
  readonly threads: number;
  readonly run: KeyholeRun;
  readonly native: NativeRun;
}

const head = [
  'policy',
  'rseq',
  'threads',
  'outcome',
  'first denied access',
  'instruction in',
  'what lives there',
  'crossings',
  'slowdown',
  'same output',
];

/** The demonstration's table. A run that died has no slowdown to speak of, and no whole output. */
export const demoTable = (rows: readonly DemoRow[]): string =>
  table(
    head,
    rows.map(({ policy, rseq, threads, run, native }) => {
      const { exit } = run.summary;
      const finished = exit !== null && 'code' in exit;
      const { first } = run;
      const place = [first?.module ? basename(first.module) : null, first?.symbol].filter((part) => part != null);
      return [
        policy,
        rseq,
        `${threads}`,
        exitText(exit),
        first?.address ?? 'none',
        first ? place.join(' ') || 'unknown' : '',
        first?.class ?? '',
        count(run.summary.crossings),
        finished ? `${(run.seconds / native.seconds).toFixed(1)}x` : '-',
        finished ? (run.md5 === native.md5 ? 'yes' : 'NO') : '-',
      ];
    }),
  );
