/** Reads how many tests passed and failed from the reports of the test runners. Throws on a report it cannot read. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
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

/** CTest's JUnit report. */
export const countCtest = (text: string): Counts => {
  const suite = /<testsuite\b[^>]*>/s.exec(text)?.[0];
  const attribute = (name: string): number => {
    const value = new RegExp(`\\b${name}="(\\d+)"`).exec(suite ?? '')?.[1];
    if (value === undefined) throw new Error(`the report has no attribute "${name}"`);
    return Number(value);
  };
  const failed = attribute('failures');
  const skipped = attribute('skipped') + attribute('disabled');
  return atLeastOne({ passed: attribute('tests') - failed - skipped, failed, skipped });
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
