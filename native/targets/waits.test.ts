/** Waits that a stop of ours falls into: at the end of the thread's turn, or while a person has paused the program. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { LiveProgram } from './live.ts';
import { record, root } from './record.ts';

const program = new LiveProgram();
afterEach(() => program.end());
beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});

it('a wait that its own mask lets a signal end, ends after the handler has run', () => {
  const { summary, output } = record({ program: join(root, 'build/targets/masked_epoll'), policy: 'observe' });
  expect(output).toBe('ok\n');
  expect(summary.exit).toEqual({ code: 0 });
  expect(summary.events.byKind).toMatchObject({ signal: 100 });
});

it('a signal that is blocked and comes while the program is paused ends the wait for it, and no other', async () => {
  const session = program.start(program.target('awaits_signals'));
  const trapWhilePausedAt = async (place: string): Promise<void> => {
    await program.until(place, () => program.output.includes(place));
    await new Promise((resolve) => setTimeout(resolve, 50)); // it may not be in the call yet
    await session.command({ do: 'pause' });
    process.kill(program.pid(), 'SIGTRAP');
    await session.command({ do: 'continue' });
  };
  await trapWhilePausedAt('for_a_trap');
  await trapWhilePausedAt('for_another_signal');
  process.kill(program.pid(), 'SIGUSR1');
  await trapWhilePausedAt('for_nothing');
  await session.ended;
  expect(program.output).toMatch(/^ok$/m);
  expect(program.output).not.toContain('FAILED');
});
