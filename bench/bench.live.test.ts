/** The bench itself, with next to nothing to do: every row gives figures, and a failure is a row's problem. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { measure, median, type Result } from './measure.ts';
import { problems, table } from './report.ts';
import type { Row } from './rows.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

it('measures every row', () => {
  execFileSync('make', ['-s', '-C', join(root, 'bench/programs')]);
  const folder = mkdtempSync(join(tmpdir(), 'keyhole-bench-test-'));
  try {
    const json = join(folder, 'bench.json');
    const args = ['bin/lib/run.mjs', 'bench/main.ts', '--quick', '--times', '1', '--json', json];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 170_000 });
    const { results } = JSON.parse(readFileSync(json, 'utf8')) as { results: Result[] };
    expect(results.length).toBeGreaterThan(8);
    for (const { operation, ours, ratio, problem } of results) {
      // A machine without a peer says so; nothing else may be missing.
      if (problem?.startsWith('UNAVAILABLE')) continue;
      expect({ operation, problem, said: stderr, out: stdout }).toMatchObject({ operation, problem: null });
      expect(ours).toBeGreaterThan(0);
      expect(ratio).toBeGreaterThan(0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const row = (over: Partial<Row>): Row => ({
  operation: 'an operation',
  unit: 'µs',
  peer: 'a peer',
  limit: 2,
  ours: async () => 3,
  theirs: async () => 2,
  ...over,
});
const here = { strace: 'strace 6', gdb: null, dav1d: null };

it('judges by the ratio of medians, ours and the peer’s taken in turns', async () => {
  const order: string[] = [];
  const taken = (who: string, values: number[]) => async (): Promise<number> => {
    order.push(who);
    return values.shift() ?? 0;
  };
  const one = row({ ours: taken('ours', [9, 3, 4]), theirs: taken('theirs', [2, 2, 2]) });
  const result = await measure(one, 3, here);
  expect(order).toEqual(['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs']);
  expect(result).toMatchObject({ ours: 4, theirs: 2, ratio: 2, met: true, problem: null });
  expect(table([result])).toMatch(/an operation +µs +- +4\.00 +2\.00 +a peer +2\.00 +2 +yes/);
  expect(median([])).toBeNull();
});

it('says loudly when a peer is missing or a side fails', async () => {
  const missing = await measure(row({ needs: 'gdb' }), 1, here);
  expect(missing).toMatchObject({ ours: null, ratio: null, met: null });
  const failing = await measure(row({ theirs: () => Promise.reject(new Error('the peer fell over')) }), 1, here);
  expect(problems([missing, failing])).toEqual([
    'an operation: UNAVAILABLE: gdb is not installed (apt-get install gdb)',
    'an operation: the peer fell over',
  ]);
});
