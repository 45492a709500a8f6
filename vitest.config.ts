import { defineConfig } from 'vitest/config';

/**
 * Two projects. `unit`: pure and quick, no addon. `engine`: drives the real addon against real programs, one file
 * at a time because ptrace and two cores do not like company: `native/targets`, `examples` and every `*.live.test.ts`.
 */
const live = ['native/targets/**/*.test.ts', 'examples/**/*.test.ts', '**/*.live.test.ts'];
const never = ['**/node_modules/**', 'dist/**', 'build/**', 'out/**', 'e2e/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...never, ...live],
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
    ],
  },
});
