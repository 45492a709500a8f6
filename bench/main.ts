/**
 * npm run bench:engine [-- --json FILE] [--times N] [--only TEXT] [--quick]: what the engine costs, as ratios to peers that are
 * measured in the same run. `--quick` only shows that everything runs: too little is done for a verdict.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findRoot } from '../electron/session/paths.ts';
import { makeKit } from './kit.ts';
import { measure, type Result } from './measure.ts';
import { problems, table } from './report.ts';
import { fullEffort, makeRows, quickEffort } from './rows.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    times: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
  },
});
const times = Number(values.times);
if (!Number.isInteger(times) || times < 1) throw new Error('--times must be a whole number of at least 1');

const scratch = mkdtempSync(join(tmpdir(), 'keyhole-bench-'));
try {
  const kit = makeKit(findRoot(process.cwd()), scratch);
  const rows = makeRows(kit, values.quick ? quickEffort : fullEffort);
  const results: Result[] = [];
  for (const row of rows.filter(({ operation }) => operation.includes(values.only))) {
    if (process.stderr.isTTY) process.stderr.write(`measuring: ${row.operation.trim()}\n`);
    results.push(await measure(row, times, kit.versions));
  }
  const machine = { kernel: release(), cpus: cpus().length, cpu: cpus()[0]?.model.trim() ?? 'unknown' };
  const { strace, gdb, dav1d } = kit.versions;
  const peers = [strace ?? 'strace UNAVAILABLE', gdb ?? 'gdb UNAVAILABLE', `dav1d ${dav1d ?? 'UNAVAILABLE'}`];
  console.log(`Keyhole ${kit.paths.version} on Linux ${machine.kernel}, ${machine.cpus} × ${machine.cpu}`);
  console.log(`Peers: ${peers.join('; ')}; bare stop: waitpid and PTRACE_CONT of a seccomp stop (bare_stop.c)`);
  console.log(`Medians of ${times}, taken in turns\n\n${table(results)}`);
  for (const problem of problems(results)) console.log(`PROBLEM  ${problem}`);
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ machine, peers: kit.versions, times, results }, null, 2)}\n`);
  }
  const failed = results.some((result) => result.problem !== null || (result.met === false && !values.quick));
  process.exitCode = failed ? 1 : 0;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
