/** Programs that cannot be started: `record` ends with 1 and says in one line which program and why. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sleeper32 } from './elf32.ts';
import { type Answer, keyhole, withFolder } from './record.ts';

const start = (program: string): Answer => keyhole(['record', '--json', '--', program]);

const expectRefusal = ({ status, stdout, stderr }: Answer, program: string, reason: RegExp): void => {
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(program);
  expect(lines[0]).toMatch(reason);
};

describe('a program that cannot be started', () => {
  it('does not exist', () => {
    expectRefusal(start('/nowhere/does_not_exist'), '/nowhere/does_not_exist', /no such/i);
  });

  it('is not executable', () => {
    withFolder((folder) => {
      const file = join(folder, 'not_executable');
      writeFileSync(file, 'a file that nobody may run\n', { mode: 0o644 });
      expectRefusal(start(file), file, /not executable/i);
    });
  });

  it('is a folder', () => {
    withFolder((folder) => expectRefusal(start(folder), folder, /folder/i));
  });

  it('has a format the kernel does not know', () => {
    withFolder((folder) => {
      const file = join(folder, 'not_a_program');
      writeFileSync(file, 'neither ELF nor script\n');
      chmodSync(file, 0o755);
      expectRefusal(start(file), file, /exec format|not a program|format/i);
    });
  });

  it('is a 32-bit program', () => {
    withFolder((folder) => {
      const file = join(folder, 'sleeper32');
      writeFileSync(file, sleeper32(), { mode: 0o755 });
      expectRefusal(start(file), file, /a 32-bit program; only x86-64 programs run/);
    });
  });

  it('names an interpreter that does not exist', () => {
    withFolder((folder) => {
      const file = join(folder, 'orphan');
      writeFileSync(file, '#!/nowhere/interpreter\n');
      chmodSync(file, 0o755);
      expectRefusal(start(file), file, /no such/i);
    });
  });
});
