/**
 * `bin/test stress [--runs N]`: the two examples recorded N times each beside two busy loops. Fails when one run hangs,
 * loses an event, ends badly or ends a thread that it never saw born.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { judge, type Kind, kinds, type Outcome } from './judge.ts';
import { family, look } from './look.ts';

const LIMIT_MS = 30_000;
const LOOPS = 2;
const FOLDER = 'build/stress';

interface Program {
  readonly name: string;
  readonly launch: string;
  readonly says: RegExp;
}

const programs: readonly Program[] = [
  {
    name: 'two-compartments',
    launch: 'examples/two-compartments/split.json',
    says: /^(?:.*\bok\b.*\n){5}/m,
  },
  {
    name: 'dav1d --threads 2',
    launch: 'examples/dav1d-split/split-threads-2.json',
    says: /dba9a946c2575e8e5601aab0edd3a273/,
  },
];

/** One recording; one that does not end is described to `onHang`, and killed with all it has started. */
const record = (launch: string, onHang: (text: string) => void): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const host = spawn(process.execPath, ['dist/cli.mjs', 'record', '--json', '--launch', launch], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      host[stream].setEncoding('utf8');
      host[stream].on('data', (text: string) => {
        said[stream] += text;
      });
    }
    let inTime = true;
    const timer = setTimeout(() => {
      inTime = false;
      onHang(look(host.pid ?? 0));
      for (const pid of family(host.pid ?? 0)) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It ended with the one before it.
        }
      }
    }, LIMIT_MS);
    host.on('error', reject);
    host.on('close', (status) => {
      clearTimeout(timer);
      resolve({ inTime, status, ...said });
    });
  });

interface Row {
  readonly name: string;
  runs: number;
  readonly wrong: Record<Kind, number>;
  readonly seconds: number[];
}

async function stress({ name, launch, says }: Program, runs: number): Promise<Row> {
  const row: Row = { name, runs, wrong: { hangs: 0, lost: 0, 'bad exits': 0, births: 0 }, seconds: [] };
  for (let run = 1; run <= runs; run++) {
    const kept = `${FOLDER}/${name.replaceAll(/[^a-z0-9]+/g, '-')}-${run}`;
    const begin = performance.now();
    const outcome = await record(launch, (text) => writeFileSync(`${kept}.hang.txt`, text));
    row.seconds.push((performance.now() - begin) / 1000);
    const wrong = judge(outcome, says);
    for (const kind of wrong) row.wrong[kind]++;
    if (wrong.length === 0) continue;
    writeFileSync(`${kept}.json`, outcome.stdout);
    writeFileSync(`${kept}.stderr.txt`, outcome.stderr);
    console.log(`${name}, run ${run}: ${wrong.join(', ')}; kept: ${kept}.*`);
  }
  return row;
}

const cells = (words: readonly string[]): string =>
  words.map((word, i) => (i === 0 ? word.padEnd(18) : word.padStart(10))).join('');

function line({ name, runs, wrong, seconds }: Row): string {
  const sorted = seconds.toSorted((a, b) => a - b);
  const times = [sorted[sorted.length >> 1] ?? 0, sorted.at(-1) ?? 0].map((value) => value.toFixed(2));
  return cells([name, String(runs), ...kinds.map((kind) => String(wrong[kind])), ...times]);
}

const { values } = parseArgs({ args: process.argv.slice(3), options: { runs: { type: 'string', default: '300' } } });
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs must be a number, 1 or more');
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
// Threads of this process: they end with it, however it ends.
const loops = Array.from({ length: LOOPS }, () => new Worker('for (;;);', { eval: true }));
try {
  const rows: Row[] = [];
  for (const program of programs) rows.push(await stress(program, runs));
  console.log(cells(['program', 'runs', ...kinds, 'median s', 'longest s']));
  for (const row of rows) console.log(line(row));
  const failed = rows.reduce((sum, row) => sum + kinds.reduce((all, kind) => all + row.wrong[kind], 0), 0);
  console.log(`tests: ${rows.length * runs - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  await Promise.all(loops.map((loop) => loop.terminate()));
}
