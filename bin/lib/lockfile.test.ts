import { expect, test } from 'vitest';
import { lockfileProblems, missingEntries } from './lockfile.mjs';

const entry = (name: string) => [`node_modules/${name}`, { version: '1.0.0' }] as const;

test('an optional package of another platform is added with what its name says', () => {
  const tool = { optionalDependencies: { '@tool/cli-linux-arm64-musl': '1.0.0', '@tool/cli-linux-x64': '1.0.0' } };
  const lock = { packages: Object.fromEntries([['node_modules/tool', tool], entry('@tool/cli-linux-x64')]) };
  expect(missingEntries(lock)).toEqual({
    'node_modules/@tool/cli-linux-arm64-musl': {
      version: '1.0.0',
      dev: true,
      optional: true,
      os: ['linux'],
      cpu: ['arm64'],
      libc: ['musl'],
    },
  });
  expect(lockfileProblems(lock)).toHaveLength(1);
});

test('addresses of a registry are a problem, a complete lockfile is none', () => {
  expect(lockfileProblems({ packages: { a: { resolved: 'https://example.org/a.tgz' } } })).toHaveLength(1);
  expect(lockfileProblems({ packages: Object.fromEntries([entry('a')]) })).toEqual([]);
});
