import { expect, test } from 'vitest';
import { canaryFault, syntheticSession } from '../../../core/model/testing/synthetic.ts';
import { foundWords, gdbCommand, sourceWords } from './callers.ts';

const fault = canaryFault('stop');
const session = syntheticSession({ story: 'live' }).needFacts(0, 'session');
const frame = { address: '0x10', module: null, symbol: null, source: null };

test('a source line, or why there is none', () => {
  const at = (source: { file: string; line: number } | null) => ({ ...fault.instruction, source });
  expect(sourceWords(at({ file: 'src/obu.c', line: 7 }))).toBe('src/obu.c:7');
  expect(sourceWords(at(null))).toBe('no debug information');
  const { source: _, ...older } = fault.instruction;
  expect(sourceWords(older)).toBe('source line not recorded');
});

test('frames found by frame pointers are said to be uncertain', () => {
  expect(foundWords([{ ...frame, by: 'registers' }])).toBe('1 frame');
  expect(
    foundWords([
      { ...frame, by: 'registers' },
      { ...frame, by: 'cfi' },
    ]),
  ).toBe('2 frames, by call-frame information');
  expect(
    foundWords([
      { ...frame, by: 'registers' },
      { ...frame, by: 'frame-pointer' },
    ]),
  ).toMatch(/1 by frame pointers, which may skip/);
});

test('gdb is brought to the access: by line, by symbol, by process', () => {
  const launched = { ...session, program: '/opt/a program', args: ['-i', "it's"] };
  const line = { ...fault, instruction: { ...fault.instruction, source: { file: 'a.c', line: 3 } } };
  expect(gdbCommand(launched, line)).toBe(
    `gdb -ex start -ex 'break a.c:3' -ex continue --args '/opt/a program' -i 'it'\\''s'`,
  );
  const versioned = { ...fault, instruction: { ...fault.instruction, source: null, symbol: 'f@@V_1+0x1d' } };
  expect(gdbCommand(launched, versioned)).toContain(`-ex 'break *(f+0x1d)' -ex continue`);
  expect(gdbCommand({ ...session, attached: { pid: 12, control: 'full' } }, fault)).toBe('gdb -p 12');
  expect(gdbCommand(null, fault)).toBeNull();
});
