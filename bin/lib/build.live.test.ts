import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('the build is the same one whatever NODE_ENV the shell has', () => {
  const env = { ...process.env, NODE_ENV: 'development' };
  const { status, stderr } = spawnSync('node', ['bin/lib/build.mjs'], { encoding: 'utf8', env });
  expect(stderr).not.toMatch(/jsx-dev-runtime/);
  expect(status).toBe(0);
});
