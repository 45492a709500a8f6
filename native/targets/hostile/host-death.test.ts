/** Keyhole killed at any instant: nothing of what it launched lives on, and nothing stays stopped. */
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { cli, root } from '../record.ts';
import { leftBehind } from './left.ts';

const program = join(root, 'build/targets/hostile/breeds');
/** `KEYHOLE_DEATHS=50` asks for more. */
const rounds = Number(process.env.KEYHOLE_DEATHS ?? 8);
/** From before the launch helper runs to a program in full flight. */
const LONGEST_MS = 900;

beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});

/** What is left once everybody has had two seconds to die. */
async function remains(): Promise<string[]> {
  for (let tries = 0; tries < 40; tries++) {
    if (leftBehind(program).length === 0) return [];
    await sleep(50);
  }
  return leftBehind(program);
}

describe('Keyhole killed', () => {
  it(`leaves nobody behind, ${rounds} times at another instant`, { timeout: 60_000 + rounds * 5000 }, async () => {
    for (let round = 0; round < rounds; round++) {
      const after = Math.round(((round + Math.random()) / rounds) * LONGEST_MS);
      const host = spawn(process.execPath, [cli, 'record', '--policy', 'observe', '--', program], { stdio: 'ignore' });
      const over = new Promise((resolve) => host.on('exit', resolve));
      await sleep(after);
      host.kill('SIGKILL');
      await over;
      expect(await remains(), `killed after ${after} ms`).toEqual([]);
    }
  });
});
