/** The engine's own tests, over recordings made on real keys instead of runs here. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { countVitest } from '../tests/counts.ts';
import { judge, type Verdict } from './judge.ts';
import { known } from './known.ts';

export function replayTests(recordings: string): Verdict {
  const report = resolve('build/log/guest.json');
  const log = resolve('build/log/test-guest-replayed.log');
  mkdirSync('build/log', { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', '--outputFile', report];
  const { status, stdout, stderr } = spawnSync(
    'node_modules/.bin/vitest',
    ['run', '--project', 'guest', ...reporters],
    { encoding: 'utf8', env: { ...process.env, KEYHOLE_RECORDINGS: recordings, NO_COLOR: '1' } },
  );
  writeFileSync(log, stdout + stderr);
  if (!existsSync(report)) throw new Error(`vitest made no report; its log: ${log}`);
  const text = readFileSync(report, 'utf8');
  // An error outside any test, with nothing else to blame.
  if (status !== 0 && countVitest(text).failed === 0) throw new Error(`vitest ended with ${status}; its log: ${log}`);
  return judge(text, known);
}
