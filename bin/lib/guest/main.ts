/**
 * `bin/test guest`: targets, examples and random programs on real protection keys (in the guest, or here where the CPU has
 * them), held to the engine's tests and to emulated keys.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { splitRuns } from '../../../native/targets/random/run.ts';
import { compareRecordings } from './conform.ts';
import { allJobs, left, seedLines, writeScript } from './jobs.ts';
import type { Verdict } from './judge.ts';
import { guestFolder, Unavailable } from './kernel.ts';
import { machine, runThere } from './machine.ts';
import { replayTests } from './replayed.ts';

const LIMIT_SECONDS = 3500;
const SEEDS = 100;

const usage = `usage: bin/test guest [--table] [--only TEXT] [--seeds N] [--from N]
       bin/test random [--seeds N] [--from N]

On real protection keys (of this CPU, or in a machine that QEMU emulates), held to the engine's tests and to emulated keys:
guest runs examples, targets, scenarios of attaching and random programs, random only the last.
  --table      renew the table in docs/emulation-limits.md instead of holding it to what was found
  --only TEXT  run what has TEXT in its name; no random programs unless asked for
  --seeds N    how many random programs (guest: ${SEEDS}, random: 2000)
  --from N     the first one's seed (0)
  --help, -h   say this`;

interface Asked {
  readonly what: 'guest' | 'random';
  readonly from: number;
  readonly seeds: number;
  readonly table: boolean;
  /** Only what has this in its name, without what needs all recordings. */
  readonly only: string | undefined;
}

/** Null: it is asked how to ask. */
function asked(words: readonly string[]): Asked | null {
  const what = words[0] === 'random' ? 'random' : 'guest';
  const text = { type: 'string' } as const;
  const yes = { type: 'boolean' } as const;
  const options = { table: yes, from: text, seeds: text, only: text, help: { ...yes, short: 'h' } } as const;
  const { values } = parseArgs({ args: words.slice(1), options });
  if (values.help) return null;
  const usual = values.only === undefined ? SEEDS : 0;
  const number = (name: 'from' | 'seeds', otherwise: number): number => {
    const value = Number(values[name] ?? otherwise);
    if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} must be a number, 0 or more`);
    return value;
  };
  return {
    ...{ what, from: number('from', 0), seeds: number('seeds', what === 'random' ? 2000 : usual) },
    ...{ table: values.table === true, only: values.only },
  };
}

async function bundleDriver(): Promise<string> {
  const outfile = join(guestFolder, 'driver.mjs');
  const entryPoints = ['bin/lib/guest/driver.ts'];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  return outfile;
}

/** Random programs that do not agree, one line each. */
function compareRandom(emulated: string, real: string): string[] {
  // The shell's own word on a program that died is not the program's.
  const theirs = splitRuns(real.replaceAll(/^(Segmentation fault|Killed|Alarm clock)\n/gm, ''));
  return [...splitRuns(emulated)].flatMap(([seed, ours]) => {
    const other = theirs.get(seed) ?? '';
    if (ours === other) return [];
    const lines = ours.split('\n');
    const at = other.split('\n').findIndex((line, i) => line !== lines[i]);
    const found = `emulated "${lines[at] ?? ''}", real "${other.split('\n')[at] ?? ''}"`;
    return [`FAILED random program ${seed}: ${found}; again: bin/test random --from ${seed} --seeds 1`];
  });
}

async function main(): Promise<void> {
  const all = asked(process.argv.slice(2));
  if (all === null) return console.log(usage);
  const { what, from, seeds, table, only } = all;
  const on = machine();
  const jobs = what === 'guest' ? allJobs(only) : [];
  execFileSync('make', ['-s', '-C', 'native/targets']);
  const driver = await bundleDriver();
  const attach = what === 'guest' ? (only ?? '') : null;
  const folder = join(guestFolder, 'jobs');
  const results = join(guestFolder, 'results');
  const script = writeScript({ jobs, seeds: seedLines(from, seeds), driver, attach }, folder);
  console.log(
    `${on === 'here' ? 'this CPU has protection keys' : 'guest'}: ${jobs.length} recordings, ${seeds} random programs`,
  );
  await runThere({ on, script, results, archive: join(guestFolder, 'results.tar'), limitSeconds: LIMIT_SECONDS });

  const run = (mode: string, input: string, output: string): string =>
    execFileSync(process.execPath, [driver, mode, resolve('.'), join(folder, input), output], { encoding: 'utf8' });
  const random = join(guestFolder, 'random.out');
  if (seeds > 0) run('random', 'seeds.txt', random);
  else writeFileSync(random, '');
  const lines = compareRandom(readFileSync(random, 'latin1'), readFileSync(join(results, left.random), 'latin1'));
  let failed = lines.length;
  let passed = seeds - failed;
  if (what === 'guest') {
    const emulated = join(guestFolder, 'emulated');
    if (on === 'guest') run('record', 'jobs.json', emulated);
    const verdicts = [
      judgeScenarios(JSON.parse(readFileSync(join(results, left.attached), 'utf8'))),
      compareRecordings({ jobs, on, emulated, results, table: only === undefined ? table : null }),
    ];
    if (only === undefined) verdicts.push(replayTests(join(results, left.recordings)));
    for (const verdict of verdicts) {
      passed += verdict.passed;
      failed += verdict.failed;
      lines.push(...verdict.lines);
    }
  }
  for (const line of lines) console.log(line);
  finish(passed, failed, on === 'here' ? 'on this CPU’s own keys' : '');
}

/** What the driver says of each scenario of attaching: what is wrong, or nothing. */
function judgeScenarios(said: Readonly<Record<string, string>>): Verdict {
  const wrong = Object.entries(said).filter(([, text]) => text !== '');
  const passed = Object.keys(said).length - wrong.length;
  return {
    passed,
    failed: wrong.length,
    skipped: 0,
    lines: wrong.map(([name, text]) => `FAILED attach: ${name}: ${text}`),
  };
}

/** Says what came of it, to people and to `bin/test`. */
function finish(passed: number, failed: number, note: string): void {
  mkdirSync('build/log', { recursive: true });
  writeFileSync('build/log/guest-counts.json', JSON.stringify({ passed, failed, skipped: 0, note }));
  console.log(`tests: ${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

try {
  await main();
} catch (error) {
  if (error instanceof Unavailable) {
    console.log(`guest: SKIPPED, nothing was tested: ${error.message}`);
    finish(0, 0, `SKIPPED: ${error.message}`);
  } else {
    console.error(`guest: ${error instanceof Error ? error.message : String(error)}`);
    finish(0, 1, '');
  }
}
