import { copyFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mappedFile } from './mapped-file.ts';
import { tempFolder } from './testing/scene.ts';

test('the file that a process runs from is the one that it has mapped; a copy of it is not', () => {
  const own = realpathSync(process.execPath);
  const copy = join(tempFolder(), 'copy');
  copyFileSync(own, copy);
  expect(mappedFile(process.pid, own)).toMatch(/^\d+ \d+ /);
  expect(mappedFile(process.pid, copy)).toBeNull();
});

test('a file that is gone, a process that is gone: nobody can say', () => {
  expect(mappedFile(process.pid, '/nowhere')).toBeNull();
  expect(mappedFile(0x7fffffff, realpathSync(process.execPath))).toBeNull();
});
