/**
 * The native tests in a build that looks for errors of ours: `sanitize.ts address` (ASan, UBSan and leaks, all tests),
 * `sanitize.ts thread` (TSan, the host's thread against the engine's). A build folder each; CTest's report in build/log.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

interface Pass {
  readonly folder: string;
  readonly sanitizers: string;
  /** What ninja builds; without it everything. */
  readonly targets: readonly string[];
  /** The tests, as a pattern of CTest. */
  readonly tests: string;
}

const passes: Readonly<Record<string, Pass>> = {
  address: { folder: 'asan', sanitizers: 'address,undefined', targets: ['all'], tests: '.' },
  thread: { folder: 'tsan', sanitizers: 'thread', targets: ['host_test', 'keyhole-launch'], tests: '^host_test$' },
};

/** What the sanitizers are told. The traced programs are plain and get an environment of their own. */
const options = {
  ASAN_OPTIONS: 'detect_stack_use_after_return=1:strict_string_checks=1',
  UBSAN_OPTIONS: 'print_stacktrace=1',
  TSAN_OPTIONS: 'halt_on_error=1:second_deadlock_stack=1',
};

const run = (command: readonly string[]): void => {
  const [program = '', ...args] = command;
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', env: { ...options, ...process.env } });
  if (error) throw new Error(`${program}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
};

/** TSan's shadow of gcc 12 has no room for mappings that are spread over more than 28 bits: then they are not. */
const calm = (): string[] =>
  Number(readFileSync('/proc/sys/vm/mmap_rnd_bits', 'utf8')) > 28 ? ['setarch', '--addr-no-randomize'] : [];

const pass = passes[process.argv[2] ?? ''];
if (!pass) throw new Error(`one of ${Object.keys(passes).join(', ')}`);
const out = `build/native-${pass.folder}`;
const jobs = String(cpus().length);
const settings = [`-DKEYHOLE_SANITIZE=${pass.sanitizers}`, '-DCMAKE_BUILD_TYPE=RelWithDebInfo'];
run(['cmake', '-S', 'native', '-B', out, '-G', 'Ninja', ...settings]);
run(['ninja', '-C', out, '-j', jobs, ...pass.targets]);
run([
  ...calm(),
  ...['ctest', '--test-dir', out, '-R', pass.tests, '--output-on-failure', '--no-tests=error', '--timeout', '900'],
  ...['-j', jobs, '--output-junit', `../log/${pass.folder}.xml`],
]);
