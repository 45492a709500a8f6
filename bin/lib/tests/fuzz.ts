/** The fuzzers of native/fuzz, built and run for a time. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const all = ['elf', 'proc', 'json', 'code'];
const usage = `usage: npm run fuzz -- [--seconds N | --minutes N] [--merge] [NAME…]

The fuzzers of native/fuzz, as many at once as there are processors: ${all.join(', ')}, or those that are named.
What they find stays in build/fuzz/NAME.
  --seconds N  for so long, all of them together (30)
  --minutes N  for so long, each of them
  --merge      afterwards bring new inputs into the corpus, minimised
  --help, -h   say this`;

const width = cpus().length;

interface Asked {
  readonly names: readonly string[];
  readonly secondsEach: number;
  readonly merges: boolean;
}

/** Null: it is asked how to ask. */
function asked(): Asked | null {
  const text = { type: 'string' } as const;
  const yes = { type: 'boolean' } as const;
  const options = { seconds: text, minutes: text, merge: yes, help: { ...yes, short: 'h' } } as const;
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help) return null;
  const unknown = positionals.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`${unknown}: no such fuzzer; one of ${all.join(', ')}`);
  const names = positionals.length > 0 ? positionals : all;
  const secondsEach = values.minutes
    ? Number(values.minutes) * 60
    : Math.ceil((Number(values.seconds ?? 30) * Math.min(width, names.length)) / names.length);
  if (!(secondsEach > 0)) throw new Error('--seconds and --minutes take a number above 0');
  return { names, secondsEach, merges: values.merge === true };
}

const out = 'build/native-fuzz';
const corpus = (name: string): string => resolve('native/fuzz/corpus', name);
const found = (name: string): string => resolve('build/fuzz', name);
/** Slower than this, or larger, is a finding too: the inputs are small. */
const limits = ['-timeout=25', '-rss_limit_mb=512', '-malloc_limit_mb=64', '-max_len=65536'];

function build(): void {
  const settings = ['-DKEYHOLE_SANITIZE=fuzzer-no-link,address,undefined', '-DCMAKE_BUILD_TYPE=RelWithDebInfo'];
  const clang = ['-DCMAKE_C_COMPILER=clang', '-DCMAKE_CXX_COMPILER=clang++'];
  for (const [program = '', ...args] of [
    ['cmake', '-S', 'native', '-B', out, '-G', 'Ninja', ...settings, ...clang],
    ['ninja', '-C', out, '-j', String(width), 'fuzzers'],
  ]) {
    const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
    if (error) throw new Error(`${program}: ${error.message}`);
    if (status !== 0) process.exit(status ?? 1);
  }
}

/** Runs one fuzzer for its time; true when it found nothing. */
const fuzz = (name: string, secondsEach: number): Promise<boolean> =>
  new Promise((done) => {
    const folder = found(name);
    mkdirSync(folder, { recursive: true });
    const args = [...limits, `-max_total_time=${secondsEach}`, '-print_final_stats=1', `-artifact_prefix=${folder}/`];
    const child = spawn(resolve(out, 'fuzz', `fuzz_${name}`), [...args, folder, corpus(name)]);
    let log = '';
    child.stderr.on('data', (data) => {
      log = (log + String(data)).slice(-20_000);
    });
    child.on('error', (error) => {
      log += error.message;
    });
    child.on('close', (status) => {
      const runs = /number_of_executed_units: (\d+)/.exec(log)?.[1] ?? '?';
      const slowest = /slowest_unit_time_sec: +(\d+)/.exec(log)?.[1] ?? '?';
      const input = /Test unit written to (\S+)/.exec(log)?.[1];
      console.log(`fuzz ${name}: ${runs} runs in ${secondsEach} s, slowest ${slowest} s, ${input ?? 'nothing found'}`);
      if (status !== 0) console.log(log);
      done(status === 0);
    });
  });

/** The corpus and what was found, reduced to what reaches code that nothing else reaches. */
function merge(name: string): void {
  const small = resolve('build/fuzz', `${name}-merged`);
  rmSync(small, { recursive: true, force: true });
  mkdirSync(small, { recursive: true });
  const args = ['-merge=1', ...limits, small, corpus(name), found(name)];
  const { status, stderr } = spawnSync(resolve(out, 'fuzz', `fuzz_${name}`), args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the corpus of ${name} could not be merged:\n${stderr.slice(-2000)}`);
  const readme = readFileSync(join(corpus(name), 'README.md'));
  rmSync(corpus(name), { recursive: true });
  mkdirSync(corpus(name));
  writeFileSync(join(corpus(name), 'README.md'), readme);
  for (const file of readdirSync(small)) cpSync(join(small, file), join(corpus(name), file));
}

async function main({ names, secondsEach, merges }: Asked): Promise<void> {
  build();
  const queue = [...names];
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let name = queue.shift(); name; name = queue.shift()) if (!(await fuzz(name, secondsEach))) failed += 1;
  };
  await Promise.all(Array.from({ length: width }, work));
  if (merges && failed === 0) for (const name of names) merge(name);
  mkdirSync('build/log', { recursive: true });
  writeFileSync('build/log/fuzz.json', JSON.stringify({ passed: names.length - failed, failed, skipped: 0 }));
  process.exitCode = failed > 0 ? 1 : 0;
}

try {
  const words = asked();
  if (words === null) console.log(usage);
  else await main(words);
} catch (error) {
  console.error(`fuzz: ${error instanceof Error ? error.message : String(error)} (--help says what there is)`);
  process.exitCode = 2;
}
