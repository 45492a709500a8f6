import { defineConfig } from 'vitest/config';

/**
 * Five projects. `unit`: pure and quick, no addon. `engine`: drives the real addon against real programs, one file
 * at a time because ptrace and two cores do not like company: `native/targets`, `examples` and every `*.live.test.ts`. `package`: runs Electron Forge.
 * `drive`: the engine in a build of the sanitizers, without Node.
 * `guest`: what `bin/test guest` recorded on real protection keys, held to the engine's tests; nothing without it.
 */
const live = ['native/targets/**/*.test.ts', 'examples/**/*.test.ts', '**/*.live.test.ts'];
const driven = ['native/drive/**/*.test.ts'];
const packaging = ['bin/lib/package/**/*.test.ts'];
/** Only over recordings: on this machine the project `engine` runs the same tests. */
const replayed = !process.env.KEYHOLE_RECORDINGS
  ? []
  : ['native/targets/{targets,gates}.test.ts', 'examples/**/*.test.ts'];
const never = ['**/node_modules/**', 'dist/**', 'build/**', 'out/**', 'e2e/**'];

/** For a machine that is slow and busy with other things: no test is to fail by the clock alone. */
const testTimeout = 180_000;
const expect = { poll: { timeout: 60_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...never, ...live, ...driven, ...packaging],
          testTimeout,
          expect,
        },
      },
      {
        test: {
          name: 'engine',
          include: live,
          exclude: never,
          pool: 'forks',
          fileParallelism: false,
          testTimeout,
          hookTimeout: testTimeout,
          expect,
        },
      },
      {
        test: { name: 'drive', include: driven, exclude: never, pool: 'forks', testTimeout, hookTimeout: testTimeout },
      },
      { test: { name: 'package', include: packaging, exclude: never, testTimeout } },
      { test: { name: 'guest', include: replayed, exclude: never, testTimeout } },
    ],
  },
});
