import { expect, test } from 'vitest';
import { judge, type Outcome } from './judge.ts';

const byKind = { 'process-birth': 1, 'process-exit': 1, 'thread-birth': 3, 'thread-exit': 3 };
const run = (summary: object, over: Partial<Outcome> = {}): Outcome => ({
  ...{ inTime: true, status: 0, stderr: 'ok\n' },
  stdout: JSON.stringify({ exit: { code: 0 }, events: { total: 8, dropped: 0, byKind }, ...summary }),
  ...over,
});
const births = (over: object) => run({ events: { total: 8, dropped: 0, byKind: { ...byKind, ...over } } });

test.each<[string, Outcome, string[]]>([
  ['a good run', run({}), []],
  ['killed', run({}, { inTime: false, status: null }), ['hangs']],
  ['a dropped event', run({ events: { total: 8, dropped: 1, byKind } }), ['lost']],
  ['an exit code', run({ exit: { code: 1 } }), ['bad exits']],
  ['a signal', run({ exit: { signal: 'SIGSEGV', siCode: 1 } }), ['bad exits']],
  ['no exit', run({ exit: null }), ['bad exits']],
  ['work not done', run({}, { stderr: 'o\n' }), ['bad exits']],
  ['a failed recording', run({}, { status: 1 }), ['bad exits']],
  ['half a summary', run({}, { stdout: '{"exit":' }), ['bad exits']],
  ['a thread that never ended', births({ 'thread-exit': 2 }), ['births']],
  ['a process that never ended', births({ 'process-exit': 0 }), ['births']],
  ['nobody was born', run({ events: { total: 0, dropped: 0, byKind: {} } }), ['births']],
])('%s', (_name, outcome, wrong) => {
  expect(judge(outcome, /^ok$/m)).toEqual(wrong);
});
