/** Takes the samples: ours and the peer's in turns, so that a slow minute of the machine hits both alike. */
import type { Versions } from './kit.ts';
import type { Row } from './rows.ts';

export interface Result {
  readonly operation: string;
  readonly unit: Row['unit'];
  readonly peer: string;
  readonly limit: number | null;
  /** Medians; null = not measured, and `problem` says why. */
  readonly ours: number | null;
  readonly theirs: number | null;
  readonly native: number | null;
  readonly ratio: number | null;
  readonly met: boolean | null;
  readonly problem: string | null;
  readonly samples: { readonly ours: number[]; readonly theirs: number[]; readonly native: number[] };
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

/** `times` samples of each side of the row. A side that fails is a problem of the row, never passed over. */
export async function measure(row: Row, times: number, versions: Versions): Promise<Result> {
  const samples = { ours: [] as number[], theirs: [] as number[], native: [] as number[] };
  const problems = new Set<string>();
  const missing = row.needs !== undefined && versions[row.needs] === null;
  if (missing) problems.add(`UNAVAILABLE: ${row.needs} is not installed (apt-get install ${row.needs})`);
  const take = async (into: number[], side: () => Promise<number>): Promise<void> => {
    try {
      into.push(await side());
    } catch (thrown) {
      problems.add(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  for (let i = 0; i < times && !missing; i++) {
    if (row.native) await take(samples.native, row.native);
    await take(samples.ours, row.ours);
    await take(samples.theirs, row.theirs);
  }
  const [ours, theirs] = [median(samples.ours), median(samples.theirs)];
  const ratio = ours === null || theirs === null ? null : ours / theirs;
  return {
    operation: row.operation,
    unit: row.unit,
    peer: row.peer,
    limit: row.limit,
    ours,
    theirs,
    native: median(samples.native),
    ratio,
    met: ratio === null || row.limit === null ? null : ratio <= row.limit,
    problem: problems.size === 0 ? null : [...problems].join('; '),
    samples,
  };
}
