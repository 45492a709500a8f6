import { describe, expect, test } from 'vitest';
import type { RecordSummary } from '../../../core/contract/record.ts';
import { checkNoneDropped, demoCases } from './cases.ts';
import { demoTable } from './report.ts';
import type { FirstDenial, KeyholeRun, NativeRun } from './runs.ts';

const native: NativeRun = { seconds: 0.5, md5: 'a'.repeat(32), exit: 'exit 0' };
const canary: FirstDenial = {
  class: 'stack-protector canary',
  address: '%fs:0x28',
  module: '/usr/lib/libdav1d.so.6',
  symbol: 'dav1d_parse_obus+0x1d',
};

function runOf(exit: RecordSummary['exit'], extra: Partial<KeyholeRun> = {}, dropped = 0): KeyholeRun {
  const summary: RecordSummary = {
    exit,
    keys: 'emulated',
    gates: 'virtual',
    policy: 'x',
    threads: [],
    events: { total: 10, dropped, byKind: {} },
    crossings: 1502,
    faults: [],
    tags: [],
    findings: [],
  };
  return { seconds: 2, md5: native.md5, summary, first: null, ...extra };
}

const check = (file: string, run: KeyholeRun): string[] => {
  const found = demoCases.find((one) => one.file === file);
  if (!found) throw new Error(`no case ${file}`);
  return found.check(run, native);
};
const killed = { signal: 'SIGSEGV', siCode: 4 };

describe('what the demonstration expects', () => {
  test('holds for the story as the seed tells it', () => {
    expect(check('tag-all.json', runOf(killed, { first: { ...canary, class: 'kernel rseq kill' } }))).toEqual([]);
    expect(check('tag-all-rseq-off.json', runOf(killed, { first: canary }))).toEqual([]);
    expect(check('split.json', runOf({ code: 0 }))).toEqual([]);
    expect(check('split-threads-2.json', runOf({ code: 0 }))).toEqual([]);
    expect(checkNoneDropped(runOf({ code: 0 }))).toEqual([]);
  });

  test('each failed expectation is named', () => {
    expect(check('tag-all.json', runOf({ code: 0 }))).toEqual([
      'outcome: expected SIGSEGV, got exit 0',
      'first denied access, class: expected kernel rseq kill, got none',
    ]);
    const elsewhere = { ...canary, class: 'heap', address: '0x5000', module: '/lib/libc.so.6' };
    expect(check('tag-all-rseq-off.json', runOf(killed, { first: elsewhere }))).toEqual([
      'first denied access, class: expected stack-protector canary, got heap',
      'first denied access, address: expected %fs:0x28, got 0x5000',
      'first denied access, instruction: expected inside libdav1d, got /lib/libc.so.6',
    ]);
    expect(check('split.json', runOf({ code: 1 }, { md5: null }))).toEqual([
      'outcome: expected exit 0, got exit 1',
      `output: expected MD5 ${native.md5} as without Keyhole, got none`,
    ]);
    expect(checkNoneDropped(runOf({ code: 0 }, {}, 7))).toEqual(['events: 7 were dropped']);
  });

  test('no output on both sides is not the same output', () => {
    expect(demoCases[2]?.check(runOf({ code: 0 }, { md5: null }), { ...native, md5: null })).toHaveLength(1);
  });
});

test('the table', () => {
  const rows = [
    { policy: 'tag-all', rseq: 'off', threads: 1, run: runOf(killed, { first: canary }), native },
    { policy: 'split', rseq: 'keep', threads: 2, run: runOf({ code: 0 }), native },
  ] as const;
  expect(demoTable(rows)).toBe(
    [
      'policy   rseq  threads  outcome              first denied access  instruction in                       what lives there        crossings  slowdown  same output',
      '-------  ----  -------  -------------------  -------------------  -----------------------------------  ----------------------  ---------  --------  -----------',
      'tag-all  off         1  SIGSEGV (si_code 4)  %fs:0x28             libdav1d.so.6 dav1d_parse_obus+0x1d  stack-protector canary      1,502         -  -',
      'split    keep        2  exit 0               none                                                                                  1,502      4.0x  yes',
      '',
    ].join('\n'),
  );
});
