/** What a fault says of the program's source and of who called: by debug information, and honest without it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { FaultFacts } from '../../core/contract/details.ts';
import type { EventLog } from '../../core/model/eventLog.ts';
import { record, recordFile, root } from './record.ts';

const program = (name: string): string => join(root, 'build/targets', name);
const faultsOf = (log: EventLog): FaultFacts[] =>
  [...Array(log.length).keys()].flatMap((row) => log.facts(row, 'fault') ?? []);
/** Number of the first line of a file that holds a text. */
const lineOf = (file: string, text: string): number =>
  readFileSync(join(root, 'native/targets', file), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;

beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});

it('names line and callers of a denied access', () => {
  const [fault] = faultsOf(record({ program: program('tag_and_read'), policy: 'observe' }).log);
  const [inner, caller] = fault?.backtrace ?? [];
  expect(fault?.instruction.source?.file).toMatch(/keys\.h$/);
  const { text, ...place } = fault?.instruction ?? {};
  expect(text).toMatch(/^mov/);
  expect(inner).toEqual({ ...place, by: 'registers' });
  expect(caller).toMatchObject({ module: 'tag_and_read', symbol: expect.stringMatching(/^main\+0x/), by: 'cfi' });
  expect(caller?.source).toEqual({
    file: expect.stringMatching(/tag_and_read\.c$/),
    line: lineOf('programs/tag_and_read.c', 'EXPECT(!may_read(page + 5))'),
  });
});

it('says of code without debug information that it has none, and still names the callers', () => {
  const { log } = recordFile(join(root, 'examples/dav1d-split/tag-all-rseq-off.json'));
  const [fault] = faultsOf(log);
  expect(fault?.instruction.source).toBeNull();
  expect(fault?.backtrace?.map((frame) => frame.module)).toContain('dav1d');
  expect(fault?.backtrace?.length).toBeGreaterThan(3);
});

it('tells the callers of an access that is stepped over again and again once', () => {
  const faults = faultsOf(record({ program: program('denied_often'), policy: 'observe', onFault: 'step-over' }).log);
  expect(faults.filter((fault) => fault.backtrace !== undefined).length).toBe(1);
});
