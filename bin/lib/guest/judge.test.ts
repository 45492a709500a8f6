import { expect, test } from 'vitest';
import { judge } from './judge.ts';

const report = (statuses: Readonly<Record<string, string>>): string => {
  const tests = Object.entries(statuses).map(([fullName, status]) => ({ fullName, status, failureMessages: ['why'] }));
  const of = (wanted: string): number => tests.filter(({ status }) => status === wanted).length;
  const testResults = [{ status: of('failed') > 0 ? 'failed' : 'passed', assertionResults: tests }];
  return JSON.stringify({
    ...{ numPassedTests: of('passed'), numFailedTests: of('failed'), numPendingTests: 0, testResults },
  });
};
const known = new Map([['b', 'a reason']]);

test('a known failure counts as passed and is named with its reason', () => {
  const verdict = judge(report({ a: 'passed', b: 'failed' }), known);
  expect(verdict).toMatchObject({ passed: 2, failed: 0, lines: ['known difference: b: a reason'] });
});

test('any other failure counts', () => {
  const verdict = judge(report({ a: 'failed', b: 'failed' }), known);
  expect(verdict).toMatchObject({ passed: 1, failed: 1 });
  expect(verdict.lines[0]).toMatch(/^FAILED a: why/);
});

test.each([{ b: 'passed' }, {}])('a known failure that passes or is gone is a failure: %j', (one: object) => {
  const verdict = judge(report({ a: 'passed', ...one }), known);
  expect(verdict).toMatchObject({ passed: 1, failed: 1 });
  expect(verdict.lines[0]).toMatch(/^FAILED b: .*known\.ts/);
});
