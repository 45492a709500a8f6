/**
 * The fuzzers of native/fuzz: `fuzz.ts [--seconds N | --minutes N] [--merge] [NAME…]`. The time is for all of them
 * together (`--seconds`) or for each (`--minutes`); as many run at once as there are processors. What they find stays
 * in build/fuzz/NAME; `--merge` afterwards brings new inputs into the corpus, minimised.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const all = ['elf', 'proc', 'json', 'code'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' }, minutes: { type: 'string' }, merge: { type: 'boolean' } },
});
const names = positionals.length > 0 ? positionals : all;
for (const name of names) if (!all.includes(name)) throw new Error(`${name}: no such fuzzer; one of ${all.join(', ')}`);
const width = cpus().length;
const secondsEach = values.minutes
  ? Number(values.minutes) * 60
  : Math.ceil((Number(values.seconds ?? 30) * Math.min(width, names.length)) / names.length);
if (!(secondsEach > 0)) throw new Error('--seconds and --minutes take a number above 0');

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
const fuzz = (name: string): Promise<boolean> =>
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

build();
const queue = [...names];
let failed = 0;
const work = async (): Promise<void> => {
  for (let name = queue.shift(); name; name = queue.shift()) if (!(await fuzz(name))) failed += 1;
};
await Promise.all(Array.from({ length: width }, work));
if (values.merge && failed === 0) for (const name of names) merge(name);
mkdirSync('build/log', { recursive: true });
writeFileSync('build/log/fuzz.json', JSON.stringify({ passed: names.length - failed, failed, skipped: 0 }));
process.exitCode = failed > 0 ? 1 : 0;
