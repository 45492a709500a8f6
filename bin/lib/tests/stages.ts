/** The stages of bin/test, in order: what each runs and how its result is counted. */
import { cpus } from 'node:os';
import { type Counts, countCtest, countFuzz, countOwn, countPlaywright, countVitest } from './counts.ts';

export interface Stage {
  readonly name: string;
  /** Part of `bin/test --quick`. */
  readonly quick: boolean;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** After this long the stage hangs: it is killed and counts as failed. Many times what a quiet machine needs. */
  readonly limitSeconds: number;
  /** A report to count tests from; a stage without one is one check, passed when its exit status is 0. */
  readonly report?: { readonly file: string; readonly count: (text: string) => Counts };
}

const bin = (name: string): string => `node_modules/.bin/${name}`;
const tool = (file: string): string[] => ['node', 'bin/lib/run.mjs', `bin/lib/${file}`];

const vitest = (project: string, quick: boolean, limitSeconds: number): Stage => {
  const file = `build/log/${project}.json`;
  return {
    name: project,
    quick,
    command: [
      bin('vitest'),
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      '--outputFile',
      file,
    ],
    limitSeconds,
    report: { file, count: countVitest },
  };
};

export const stages: readonly Stage[] = [
  { name: 'lint', quick: true, command: [bin('biome'), 'check', '--error-on-warnings', '.'], limitSeconds: 300 },
  { name: 'types', quick: true, command: [bin('tsc'), '-p', 'tsconfig.json'], limitSeconds: 600 },
  { name: 'layers', quick: true, command: tool('layers/main.ts'), limitSeconds: 300 },
  { name: 'lockfile', quick: true, command: ['node', 'bin/lib/lockfile.mjs', 'check'], limitSeconds: 300 },
  { name: 'c++ format', quick: true, command: [...tool('tests/clang.ts'), 'format'], limitSeconds: 300 },
  vitest('unit', true, 1200),
  {
    name: 'native',
    quick: true,
    command: [
      ...['ctest', '--test-dir', 'build/native', '--output-on-failure', '--no-tests=error', '--timeout', '600'],
      ...['-j', String(cpus().length), '--output-junit', '../log/native.xml'],
    ],
    limitSeconds: 1200,
    report: { file: 'build/log/native.xml', count: countCtest },
  },
  { name: 'c++ lint', quick: false, command: [...tool('tests/clang.ts'), 'tidy'], limitSeconds: 2400 },
  {
    name: 'asan',
    quick: false,
    command: [...tool('tests/sanitize.ts'), 'address'],
    limitSeconds: 3600,
    report: { file: 'build/log/asan.xml', count: countCtest },
  },
  // The engine itself, driven through the targets by the driver that the stage before has built.
  { ...vitest('drive', false, 2400), env: { KEYHOLE_SANITIZED: 'build/native-asan' } },
  {
    name: 'tsan',
    quick: false,
    command: [...tool('tests/sanitize.ts'), 'thread'],
    limitSeconds: 3600,
    report: { file: 'build/log/tsan.xml', count: countCtest },
  },
  {
    name: 'fuzz',
    quick: false,
    command: [...tool('tests/fuzz.ts'), '--seconds', '30'],
    limitSeconds: 2400,
    report: { file: 'build/log/fuzz.json', count: countFuzz },
  },
  vitest('engine', false, 2400),
  vitest('package', false, 1200),
  {
    name: 'window',
    quick: false,
    command: ['node', 'bin/lib/run.mjs', 'bench/window/main.ts', '--smoke'],
    limitSeconds: 1200,
  },
  {
    name: 'e2e',
    quick: false,
    command: [bin('playwright'), 'test'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: 'build/log/e2e.json' },
    limitSeconds: 2400,
    report: { file: 'build/log/e2e.json', count: countPlaywright },
  },
  {
    name: 'guest',
    quick: false,
    command: [...tool('guest/main.ts'), 'guest'],
    limitSeconds: 3600,
    report: { file: 'build/log/guest-counts.json', count: countOwn },
  },
];
