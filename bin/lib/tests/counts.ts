/** Reads how many tests passed and failed from the reports of the test runners. Throws on a report it cannot read. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What a person should know besides. */
  readonly note?: string;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const numberAt = (value: unknown, name: string): number => {
  const found = isObject(value) ? value[name] : undefined;
  if (typeof found !== 'number') throw new Error(`the report has no number "${name}"`);
  return found;
};

const listAt = (value: unknown, name: string): unknown[] => {
  const found = isObject(value) ? value[name] : undefined;
  if (!Array.isArray(found)) throw new Error(`the report has no list "${name}"`);
  return found;
};

/** A report with no test at all is a failure: something that should have run did not. */
const atLeastOne = (counts: Counts): Counts => (counts.passed + counts.failed > 0 ? counts : { ...counts, failed: 1 });

/** Vitest's JSON report. A file that could not be loaded holds no test and counts as one failure. */
export const countVitest = (text: string): Counts => {
  const report: unknown = JSON.parse(text);
  const broken = listAt(report, 'testResults').filter(
    (file) => isObject(file) && file.status === 'failed' && !listAt(file, 'assertionResults').some(hasFailed),
  ).length;
  return atLeastOne({
    passed: numberAt(report, 'numPassedTests'),
    failed: numberAt(report, 'numFailedTests') + broken,
    skipped: numberAt(report, 'numPendingTests'),
  });
};

const hasFailed = (test: unknown): boolean => isObject(test) && test.status === 'failed';

/** CTest's JUnit report. A doctest program counts as the test cases it says it ran, any other test as one. */
export const countCtest = (text: string): Counts => {
  if (!/<testsuite\b/.test(text)) throw new Error('the report has no <testsuite>');
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const block of text.split(/<testcase\b/).slice(1)) {
    const status = /\bstatus="(\w+)"/.exec(block)?.[1];
    const cases = /\[doctest\] test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed/.exec(block);
    const failed = Number(cases?.[2] ?? 0);
    total.passed += cases ? Number(cases[1]) : status === 'run' ? 1 : 0;
    total.failed += status === 'fail' ? Math.max(1, failed) : failed;
    if (status !== 'run' && status !== 'fail') total.skipped += 1;
  }
  return atLeastOne(total);
};

/** What one of our own tools counted, and its note; a tool that says why it was skipped has tested nothing. */
export const countOwn = (text: string): Counts => {
  const report: unknown = JSON.parse(text);
  const note = isObject(report) && typeof report.note === 'string' ? report.note : '';
  const counts = { passed: numberAt(report, 'passed'), failed: numberAt(report, 'failed'), skipped: 0, note };
  return note.startsWith('SKIPPED') ? counts : atLeastOne(counts);
};

/** Playwright's JSON report. A flaky test is a failure: it did not pass at first. */
export const countPlaywright = (text: string): Counts => {
  const report: unknown = JSON.parse(text);
  const stats = isObject(report) ? report.stats : undefined;
  return atLeastOne({
    passed: numberAt(stats, 'expected'),
    failed: numberAt(stats, 'unexpected') + numberAt(stats, 'flaky') + listAt(report, 'errors').length,
    skipped: numberAt(stats, 'skipped'),
  });
};

/** The report of bin/lib/tests/fuzz.ts: a fuzzer that found nothing passed. */
export const countFuzz = (text: string): Counts => {
  const report: unknown = JSON.parse(text);
  const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map((name) => numberAt(report, name));
  return atLeastOne({ passed: passed ?? 0, failed: failed ?? 0, skipped: skipped ?? 0 });
};
