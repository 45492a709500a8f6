import { defineConfig } from 'vitest/config';

/**
 * Three projects. `unit`: pure and quick, no addon. `engine`: drives the real addon against real programs, one file
 * at a time because ptrace and two cores do not like company: `native/targets`, `examples` and every `*.live.test.ts`. `package`: runs Electron Forge.
 */
const live = ['native/targets/**/*.test.ts', 'examples/**/*.test.ts', '**/*.live.test.ts'];
const packaging = ['bin/lib/package/**/*.test.ts'];
const never = ['**/node_modules/**', 'dist/**', 'build/**', 'out/**', 'e2e/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...never, ...live, ...packaging],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'engine',
          include: live,
          exclude: never,
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 60_000,
        },
      },
      { test: { name: 'package', include: packaging, exclude: never } },
    ],
  },
});
