/** Keyhole killed at any instant: nothing of what it launched lives on, and nothing stays stopped. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../patience.ts';
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

/** What is left once everybody has had time to die. */
async function remains(of: string): Promise<string[]> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50))
    if (leftBehind(of).length === 0) return [];
  return leftBehind(of);
}

describe('Keyhole killed', () => {
  it('by the program itself, leaves nobody behind', async () => {
    const shooter = join(root, 'build/targets/hostile/shoots_watchers');
    const command = [cli, 'record', '--policy', 'observe', '--', shooter, 'parent'];
    const { signal } = spawnSync(process.execPath, command, { timeout: PATIENCE_MS });
    expect(signal).toBe('SIGKILL');
    expect(await remains(shooter)).toEqual([]);
  });

  it('leaves nobody behind that a subreaper took over unseen', async () => {
    const adopter = join(root, 'build/targets/hostile/kills_parents');
    for (let round = 0; round < 4; round++) {
      const command = [cli, 'record', '--policy', 'observe', '--', adopter, '1000', 'adopts'];
      const host = spawn(process.execPath, command, { stdio: 'ignore' });
      const over = new Promise((resolve) => host.on('exit', resolve));
      await sleep(400 + Math.random() * 600);
      host.kill('SIGKILL');
      await over;
      expect(await remains(adopter)).toEqual([]);
    }
  });

  it(`leaves nobody behind, ${rounds} times at another instant`, { timeout: rounds * PATIENCE_MS }, async () => {
    for (let round = 0; round < rounds; round++) {
      const after = Math.round(((round + Math.random()) / rounds) * LONGEST_MS);
      const host = spawn(process.execPath, [cli, 'record', '--policy', 'observe', '--', program], { stdio: 'ignore' });
      const over = new Promise((resolve) => host.on('exit', resolve));
      await sleep(after);
      host.kill('SIGKILL');
      await over;
      expect(await remains(program), `killed after ${after} ms`).toEqual([]);
    }
  });
});
