/** `bin/test guest`: boots a machine with real protection keys, records there, and holds the recordings to the tests. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { countVitest } from '../tests/counts.ts';
import { boot } from './boot.ts';
import { buildInitramfs } from './initramfs.ts';
import { allJobs, writeScript } from './jobs.ts';
import { judge } from './judge.ts';
import { guestFolder, needKernel, needQemu, Unavailable } from './kernel.ts';
import { known } from './known.ts';

const LIMIT_SECONDS = 1200;
const results = join(guestFolder, 'results');

async function recordInGuest(): Promise<void> {
  needQemu();
  const kernel = needKernel();
  const initramfs = buildInitramfs(kernel);
  execFileSync('make', ['-s', '-C', 'native/targets']);
  const jobs = allJobs();
  const script = writeScript(jobs, join(guestFolder, 'jobs'));
  const begin = performance.now();
  const onLine = (line: string): void => {
    const seconds = ((performance.now() - begin) / 1000).toFixed(1).padStart(7);
    console.log(`guest: ${seconds} s  ${line.trimEnd()}`);
  };
  console.log(`guest: ${jobs.length} recordings in one boot`);
  await boot({ kernel, initramfs, script, results, limitSeconds: LIMIT_SECONDS, onLine });
}

/** The same tests as on emulated keys, over the recordings from the guest. */
function test(): void {
  const report = resolve('build/log/guest.json');
  const log = resolve('build/log/test-guest.log');
  mkdirSync('build/log', { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', '--outputFile', report];
  const { status, stdout, stderr } = spawnSync(
    'node_modules/.bin/vitest',
    ['run', '--project', 'guest', ...reporters],
    {
      encoding: 'utf8',
      env: { ...process.env, KEYHOLE_RECORDINGS: results, NO_COLOR: '1' },
    },
  );
  writeFileSync(log, stdout + stderr);
  if (!existsSync(report)) throw new Error(`vitest made no report; its log: ${log}`);
  const text = readFileSync(report, 'utf8');
  const { passed, failed, lines } = judge(text, known);
  // An error outside any test, with nothing else to blame.
  if (status !== 0 && countVitest(text).failed === 0) throw new Error(`vitest ended with ${status}; its log: ${log}`);
  for (const line of lines) console.log(line);
  console.log(`the whole log: ${log}`);
  console.log(`tests: ${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

try {
  await recordInGuest();
  test();
} catch (error) {
  if (error instanceof Unavailable) {
    console.log(`guest: SKIPPED, nothing was tested: ${error.message}`);
    console.log('tests: 0 passed, 0 failed');
  } else {
    console.error(`guest: ${error instanceof Error ? error.message : String(error)}`);
    console.log('tests: 0 passed, 1 failed');
    process.exitCode = 1;
  }
}
