/** Stacks that grow by themselves, outside debug mode, which would look for them at every stop. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { explainFault } from '../../core/model/explain.ts';
import { History } from '../../core/model/history.ts';
import { rowsOfKind } from '../../core/model/scan.ts';
import { record, root } from './record.ts';

beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});

it('what a stack gains has the key of what lies above it, and the sentence says so', () => {
  const { summary, log, output } = record(
    { program: join(root, 'build/targets/stack_tagged'), policy: 'observe' },
    false,
  );
  expect(output).toMatch(/^ok$/m);
  expect(summary.exit).toEqual({ code: 0 });
  const sentences = rowsOfKind(log, 'fault').map((row) => explainFault(log, new History(log).at(row), row).sentence);
  expect(sentences.map((text) => /has key 1, ([a-z ]+)(, seen)? (at|$)/.exec(text)?.[1])).toEqual([
    'tagged by the program',
    'which the stack that grew there has',
    'which the stack that grew there has',
  ]);
});
