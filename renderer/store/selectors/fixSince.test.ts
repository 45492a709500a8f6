import { expect, test } from 'vitest';
import type { FaultFacts, PolicyFacts } from '../../../core/contract/details.ts';
import { LogBuilder } from '../../../core/model/testing/logBuilder.ts';
import { fixSince } from './fixSince.ts';

const PAGE = 0x7000;

const denied: FaultFacts = {
  outcome: 'denied',
  address: '0x7028',
  access: 'read',
  key: 1,
  siCode: 4,
  rights: null,
  accessor: 2,
  tp: '0x7000',
  instruction: { address: '0x1000', module: null, symbol: null, text: 'mov rax, fs:[0x28]' },
  around: [],
  registers: {},
  region: null,
  action: 'stop',
};

/** A log of policy steps, `split why`, and of the denied reads between them. */
function told(...rows: readonly (readonly [string, PolicyFacts['why']] | 'fault')[]): ReturnType<typeof fixSince> {
  const b = new LogBuilder();
  const fault = (): number => b.row('fault', {}, denied);
  b.row('policy', {}, { policy: 'tag-all', rounding: 'padded', why: 'startup', steps: [] });
  const first = fault();
  for (const row of rows) {
    if (row === 'fault') fault();
    else b.row('policy', {}, { policy: row[0], rounding: 'padded', why: row[1], steps: [] });
  }
  return fixSince(b.log(), 'split', PAGE, first, b.length - 1);
}

test('a fix that nobody applied says nothing; a tag by hand is no policy', () => {
  expect(told()).toBeNull();
  expect(told(['tag-all', 'birth'], ['split', 'manual'])).toBeNull();
});

test('an applied fix stands until another policy takes its place, also by a revert', () => {
  expect(told(['split', 'demand'])).toEqual({ applied: 2, replaced: null, again: false });
  expect(told(['split', 'demand'], ['split', 'birth'], 'fault')).toEqual({ applied: 2, replaced: null, again: true });
  expect(told(['split', 'demand'], ['tag-all', 'revert'])).toEqual({
    applied: 2,
    replaced: { row: 3, policy: 'tag-all' },
    again: false,
  });
});

test('applied once more after a revert, it stands from then', () => {
  const rows = [['split', 'demand'], ['tag-all', 'revert'], 'fault', ['split', 'demand']] as const;
  expect(told(...rows)).toEqual({ applied: 5, replaced: null, again: false });
});
