import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RecentLaunches, stateFile } from './recent.ts';
import { tempFolder } from './testing/scene.ts';

const byPath = (path: string) => ({ title: path, path, launch: null });

test('remembers the last launches over a restart, newest first and each once', () => {
  const file = join(tempFolder(), 'deep/recent.json');
  const recent = new RecentLaunches(file);
  for (let i = 0; i < 10; i++) recent.add(byPath(`/launch-${i}.json`));
  recent.add(byPath('/launch-8.json'));
  const titles = new RecentLaunches(file).list().map(({ title }) => title);
  expect(titles.slice(0, 3)).toEqual(['/launch-8.json', '/launch-9.json', '/launch-7.json']);
  expect(titles).toHaveLength(8);
});

test('a damaged file, or no place for one, is no launch remembered and no error', () => {
  const file = join(tempFolder(), 'recent.json');
  writeFileSync(file, '{"not": "a list"}');
  const recent = new RecentLaunches(file);
  expect(recent.list()).toEqual([]);
  recent.add(byPath('/a.json'));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(1);
  const nowhere = new RecentLaunches(join(file, 'recent.json'));
  nowhere.add(byPath('/a.json'));
  expect(nowhere.list()).toEqual([]);
  expect(stateFile({})).toBeNull();
  expect(stateFile({ HOME: '/somebody' })).toBe('/somebody/.local/state/keyhole/recent.json');
});
