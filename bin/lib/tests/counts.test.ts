import { expect, test } from 'vitest';
import { countCtest, countFuzz, countOwn, countPlaywright, countVitest } from './counts.ts';

const vitestReport = (files: object[], passed: number, failed: number) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numPendingTests: 1, testResults: files });

test('vitest: tests are counted, and a file that could not be loaded is one failure', () => {
  const good = { status: 'passed', assertionResults: [{ status: 'passed' }] };
  const bad = { status: 'failed', assertionResults: [{ status: 'failed' }] };
  const broken = { status: 'failed', assertionResults: [] };
  expect(countVitest(vitestReport([good, bad, broken], 1, 1))).toEqual({ passed: 1, failed: 2, skipped: 1 });
});

test('ctest: doctest programs count by their cases, other tests as one, and a crash is a failure', () => {
  const summary = (words: string) => `<system-out>[doctest] test cases: ${words} | 0 skipped</system-out>`;
  const report = `<?xml version="1.0"?>\n<testsuite name="x"\n\ttests="5">
    <testcase name="a" status="run">${summary('12 | 12 passed | 0 failed')}</testcase>
    <testcase name="b" status="fail"><failure message="Failed"/>${summary(' 9 |  7 passed | 2 failed')}</testcase>
    <testcase name="c" status="fail"><failure message="SEGFAULT"/><system-out>gone</system-out></testcase>
    <testcase name="d" status="run"><system-out></system-out></testcase>
    <testcase name="e" status="disabled"></testcase></testsuite>`;
  expect(countCtest(report)).toEqual({ passed: 20, failed: 3, skipped: 1 });
});

test('playwright: flaky tests and errors outside tests are failures', () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 0 };
  expect(countPlaywright(JSON.stringify({ stats, errors: [{}] }))).toEqual({ passed: 5, failed: 3, skipped: 0 });
});

test('fuzzers: one that found something failed', () => {
  expect(countFuzz('{"passed":3,"failed":1,"skipped":0}')).toEqual({ passed: 3, failed: 1, skipped: 0 });
  expect(() => countFuzz('{"passed":3}')).toThrow(/failed/);
});

test('a report without a test is a failure, a damaged one is an error', () => {
  expect(countVitest(vitestReport([], 0, 0)).failed).toBe(1);
  expect(() => countPlaywright('{}')).toThrow(/expected/);
  expect(() => countCtest('')).toThrow(/testsuite/);
  expect(countCtest('<testsuite tests="0">').failed).toBe(1);
});

test('our own counts: nothing at all is a failure, unless it says why it was skipped', () => {
  const report = (passed: number, note: string) => JSON.stringify({ passed, failed: 0, skipped: 0, note });
  expect(countOwn(report(7, ''))).toMatchObject({ passed: 7, failed: 0 });
  expect(countOwn(report(0, ''))).toMatchObject({ failed: 1 });
  expect(countOwn(report(0, 'SKIPPED: no qemu'))).toMatchObject({ passed: 0, failed: 0, note: 'SKIPPED: no qemu' });
});
