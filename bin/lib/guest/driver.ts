/** Runs programs under Keyhole, many in one host, on this machine or in the guest: `record JOBS FOLDER`, `random SEEDS FILE`, `attach ONLY FILE`. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarios } from '../../../native/targets/attached/scenarios.ts';
import { Scene } from '../../../native/targets/attached/scene.ts';
import { Host } from '../../../native/targets/host.ts';
import { runRandom } from '../../../native/targets/random/run.ts';
import type { Job } from './jobs.ts';

const LIMIT_MS = 300_000;
const [what = '', root = '', input = '', output = ''] = process.argv.slice(2);
const host = new Host(root);

/** The files of one recording are those that `replay.ts` reads. */
async function record(job: Job): Promise<void> {
  const write = (ending: string, text: string): void => writeFileSync(join(output, `${job.name}.${ending}`), text);
  try {
    // The decoder stops many thousand times: to look at the kernel's map each time takes minutes.
    const verify = job.launch.program !== 'dav1d';
    const snapshot = join(output, `${job.name}.keyhole`);
    const run = await host.run(job.launch, { limitMs: LIMIT_MS, snapshot, verify });
    write('json', JSON.stringify(run.summary));
    write('err', run.output);
    write('status', '0');
  } catch (error) {
    write('json', '');
    write('err', error instanceof Error ? error.message : String(error));
    write('status', '1');
    console.log(`no recording of ${job.title}: ${error}`);
  }
}

/** One line of the answer for each scenario: what is wrong, or nothing. */
async function attach(only: string): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const [name, run] of Object.entries(scenarios)) {
    if (!`attach: ${name}`.includes(only)) continue;
    const scene = new Scene(host.native, root);
    try {
      await run(scene);
      out[name] = '';
    } catch (error) {
      out[name] = `${error instanceof Error ? error.message : String(error)}\n${scene.story()}`;
    }
    scene.clear();
    console.log(`${out[name] === '' ? 'passed' : 'FAILED'}: attach: ${name}`);
  }
  return out;
}

if (what === 'record') {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const jobs: Job[] = JSON.parse(readFileSync(input, 'utf8'));
  for (const job of jobs) await record(job);
  console.log(`${jobs.length} recordings`);
} else if (what === 'attach') {
  writeFileSync(output, JSON.stringify(await attach(input)));
} else {
  let all = '';
  for (const line of readFileSync(input, 'utf8').trimEnd().split('\n')) {
    const space = line.indexOf(' ');
    const ran = await runRandom(host, join(root, 'build/targets/random'), line.slice(space + 1));
    all += `=== ${line.slice(0, space)}\n${ran}`;
  }
  writeFileSync(output, all);
}
// An engine that hangs must not keep the host alive.
process.exit(0);
