/** Counts vitest's report with the known differences in mind. */
import { type Counts, countVitest } from '../tests/counts.ts';

export interface Verdict extends Counts {
  /** One line each, to be printed. */
  readonly lines: readonly string[];
}

interface Test {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages?: readonly string[];
}

/** A known test that fails counts as passed; one that passes, or is not there, as failed. */
export function judge(report: string, known: ReadonlyMap<string, string>): Verdict {
  const counts = countVitest(report);
  const files: { readonly assertionResults: readonly Test[] }[] = JSON.parse(report).testResults;
  const tests = new Map(files.flatMap((file) => file.assertionResults).map((test) => [test.fullName, test]));
  let { passed, failed } = counts;
  const lines: string[] = [];
  for (const test of tests.values()) {
    if (test.status !== 'failed' || known.has(test.fullName)) continue;
    lines.push(`FAILED ${test.fullName}: ${test.failureMessages?.[0]?.split('\n').slice(0, 12).join('\n  ') ?? ''}`);
  }
  for (const [name, reason] of known) {
    const status = tests.get(name)?.status;
    if (status === 'failed') {
      passed++;
      failed--;
      lines.push(`known difference: ${name}: ${reason}`);
    } else {
      failed++;
      if (status === 'passed') passed--;
      lines.push(
        `FAILED ${name}: ${status ?? 'missing'}, but listed as a known failure: correct bin/lib/guest/known.ts`,
      );
    }
  }
  return { passed, failed, skipped: counts.skipped, lines };
}
