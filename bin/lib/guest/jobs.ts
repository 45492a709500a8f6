/** What is recorded in the guest, and the script that records it in one boot. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { LaunchFile } from '../../../core/contract/launch.ts';
import { cases, launchOf } from '../../../native/targets/cases.ts';
import { denied, gatedLaunch, keeping } from '../../../native/targets/gated.ts';
import { recordingName } from '../../../native/targets/replay.ts';
import { resultsPort } from './boot.ts';

const JOB_SECONDS = 90;
/** Where the guest keeps files of its own: memory. */
const own = '/run/results';

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

/** Everything that the tests of the project `guest` look at. */
export function allJobs(): Job[] {
  const programs = resolve('build/targets');
  const target = (title: string, launch: LaunchFile): Job => ({ title, name: recordingName(launch), launch });
  const targets = [
    ...cases.map((one) => target(one.name, launchOf(one, programs))),
    ...[...keeping, ...denied].map((name) => target(name, gatedLaunch(name, programs))),
  ];
  const compartments = ['split', 'tag-all'].map((name) => example(`two-compartments/${name}.json`));
  const decoder = ['tag-all', 'tag-all-rseq-off', 'split', 'split-threads-2', 'observe'];
  return [...compartments, ...targets, ...decoder.map((name) => example(`dav1d-split/${name}.json`))];
}

/** Writes the jobs below `folder` and the script that runs them; answers the script's path. */
export function writeScript(jobs: readonly Job[], folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const node = process.execPath;
  const cli = resolve('dist/cli.mjs');
  const steps = jobs.map(({ title, name, launch }) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(launch));
    return `job '${name}' '${file}' '${title}'`;
  });
  const script = `[ -c ${resultsPort} ] || { echo 'no port for results'; exit 3; }
mkdir -p ${own}; cd ${own}
job() {
  timeout -s KILL ${JOB_SECONDS} '${node}' '${cli}' record --launch "$2" --keys hardware --json --verify -o "$1.keyhole" \\
    >"$1.json" 2>"$1.err" </dev/null
  echo $? >"$1.status"
  tar -cf - "$1".* >${resultsPort}
  echo "job $(cat "$1.status") $3"
  rm -f "$1".*
}
uname -sr
${steps.join('\n')}
`;
  const path = join(folder, 'job.sh');
  writeFileSync(path, script);
  return path;
}
