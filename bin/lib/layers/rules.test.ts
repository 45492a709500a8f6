import { expect, test } from 'vitest';
import { foldersWithoutReadme, LINE_LIMIT, localNames, longFiles } from './rules.ts';

test('a code file past the limit is named with its length, a document is not', () => {
  const file = (path: string, lines: number) => ({ path, text: 'x\n'.repeat(lines) });
  const long = longFiles([file('a.ts', LINE_LIMIT), file('b.cc', LINE_LIMIT + 1), file('c.md', LINE_LIMIT + 1)]);
  expect(long.map((one) => `${one.path} ${one.line}`)).toEqual([`b.cc ${LINE_LIMIT + 1}`]);
});

test('every folder down to the file needs a README, golden data does not', () => {
  const paths = ['README.md', 'core/README.md', 'core/model/a.ts', 'core/golden/a.json', '.ci/run'];
  expect(foldersWithoutReadme(paths.map((path) => ({ path, text: '' }))).map((one) => one.path)).toEqual([
    'core/model',
  ]);
});

test('registries and machine paths are found', () => {
  const host = ['registry.npm', 'js.org'].join('');
  const path = ['/wo', 'rk/main'].join('');
  const found = localNames([
    { path: 'a.json', text: `"resolved": "https://${host}/zod"` },
    { path: 'b.md', text: `see ${path}/README.md` },
    { path: 'c.md', text: 'the work/home of a page, https://example.org/home/x' },
  ]);
  expect(found.map((one) => one.path)).toEqual(['a.json', 'b.md']);
});
