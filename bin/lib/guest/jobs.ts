/** What runs on real keys, and the script that runs it there: under Keyhole, and alone. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { LaunchFile } from '../../../core/contract/launch.ts';
import { cases, launchOf } from '../../../native/targets/cases.ts';
import { denied, gatedLaunch, keeping, pendingLaunch } from '../../../native/targets/gated.ts';
import { generate } from '../../../native/targets/random/generate.ts';
import { textOf } from '../../../native/targets/random/program.ts';
import { recordingName } from '../../../native/targets/replay.ts';

const ALONE_SECONDS = 240;

export interface Job {
  readonly title: string;
  /** The name the tests look its recording up by. */
  readonly name: string;
  readonly launch: LaunchFile;
}

/** QEMU computes AVX2 gathers wrongly, under Keyhole and without: the decoder does without them there. */
const withoutGathers = (launch: LaunchFile): LaunchFile => ({
  ...launch,
  args: [...(launch.args ?? []), '--cpumask', 'sse41'],
});

function example(path: string): Job {
  const file = resolve('examples', path);
  const launch: LaunchFile = JSON.parse(readFileSync(file, 'utf8'));
  const there: LaunchFile = { ...launch, cwd: dirname(file) };
  const program = launch.program.includes('/') ? join(dirname(file), launch.program) : launch.program;
  const runs = launch.program === 'dav1d' ? withoutGathers(there) : { ...there, program };
  return { title: path, name: recordingName(launch), launch: runs };
}

/** Everything that the tests of the project `guest` look at, or those whose title contains `only`. */
export function allJobs(only = ''): Job[] {
  const programs = resolve('build/targets');
  const target = (title: string, launch: LaunchFile): Job => ({ title, name: recordingName(launch), launch });
  const targets = [
    ...cases.map((one) => target(one.name, launchOf(one, programs))),
    ...[...keeping, ...denied].map((name) => target(name, gatedLaunch(name, programs))),
    target('gate_pending', pendingLaunch(programs)),
  ];
  // What the hardware backend does to step over a denied access no other target asks of it. Not in libc, whose memcpy
  // steps differ from CPU to CPU.
  const stepped = denied
    .filter((name) => name !== 'gate_denied_in_libc')
    .map((name) => target(`${name} stepped over`, { ...gatedLaunch(name, programs), onFault: 'step-over' }));
  const compartments = ['split', 'tag-all'].map((name) => example(`two-compartments/${name}.json`));
  const decoder = ['tag-all', 'tag-all-rseq-off', 'split', 'split-threads-2', 'observe'];
  const threads = ['split', 'denied'].map((name) => example(`ten-threads/${name}.json`));
  const all = [
    ...compartments,
    ...threads,
    ...targets,
    ...stepped,
    ...decoder.map((name) => example(`dav1d-split/${name}.json`)),
  ];
  return all.filter((job) => job.title.includes(only));
}

/** One random program a line, after its seed. */
export const seedLines = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `${from + i} ${textOf(generate(from + i))}\n`).join('');

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A job's program as a shell runs it, with nobody watching. */
function alone({ name, launch }: Job): string {
  const variables = Object.entries(launch.env ?? {}).map(([key, value]) => quoted(`${key}=${value}`));
  const words = [launch.program, ...(launch.args ?? [])].map(quoted);
  const run = ['env', ...variables, 'timeout -s KILL', ALONE_SECONDS, ...words].join(' ');
  return `(cd ${quoted(launch.cwd ?? '/')}; ${run}) >alone/${name}.out 2>&1 </dev/null; echo $? >alone/${name}.status`;
}

export interface Work {
  /** Recorded, and run alone. */
  readonly jobs: readonly Job[];
  /** Lines of `seedLines`. */
  readonly seeds: string;
  /** The driver, bundled. */
  readonly driver: string;
  /** Scenarios of attaching (`attach: NAME`) that contain this run too; null: none. */
  readonly attach: string | null;
}

/** What the work leaves in the folder of results. */
export const left = {
  recordings: 'recordings',
  alone: 'alone',
  random: 'random.out',
  attached: 'attached.json',
} as const;

/** Writes the work below `folder` and the script that does it, with $RESULTS to send to; answers the script's path. */
export function writeScript({ jobs, seeds, driver, attach }: Work, folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const jobsFile = join(folder, 'jobs.json');
  const seedsFile = join(folder, 'seeds.txt');
  writeFileSync(jobsFile, JSON.stringify(jobs));
  writeFileSync(seedsFile, seeds);
  const drive = (...words: string[]): string => [process.execPath, driver, ...words].map(quoted).join(' ');
  const script = `own=$(mktemp -d); cd "$own"; mkdir ${left.alone}
uname -sr
${jobs.map(alone).join('\n')}
echo '${jobs.length} programs ran alone'
cp ${quoted(resolve('build/targets/random'))} random
while read -r seed text; do
  echo "=== $seed"
  ./random "$text" 2>&1
  code=$?
  case $code in
    137) echo 'killed by SIGKILL' ;; 139) echo 'killed by SIGSEGV' ;; 142) echo 'killed by SIGALRM' ;;
    *) echo "exit $code" ;;
  esac
done <${quoted(seedsFile)} >${left.random} 2>/dev/null
echo "$(grep -c '^===' ${left.random}) random programs ran alone"
${attach === null ? `echo '{}' >${left.attached}` : drive('attach', resolve('.'), attach, left.attached)}
${drive('record', resolve('.'), jobsFile, left.recordings)}
tar -cf - ${Object.values(left).join(' ')} >>"$RESULTS"
cd /; rm -rf "$own"
`;
  const path = join(folder, 'job.sh');
  writeFileSync(path, script);
  return path;
}
