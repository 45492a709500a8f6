/** Where each thread stands when the program does: the call it is in, the code it runs, and who called. */
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { LaunchFile } from '../../core/contract/launch.ts';
import type { Thread } from '../../core/model/world.ts';
import type { Session } from '../../electron/session/session.ts';
import { LiveProgram } from './live.ts';
import { PATIENCE_MS } from './patience.ts';

const program = new LiveProgram();
beforeAll(() => program.build());
afterEach(() => program.end());

const threads = (): readonly Thread[] => [...program.world().threads.values()];

/** Pauses until every thread is in a call of that name, or in none; a program takes a moment to get there. */
async function pausedIn(live: Session, call: string | null, of = threads): Promise<void> {
  const calls = () => of().map(({ stand }) => stand?.call);
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    await live.command({ do: 'pause' });
    if (calls().length > 0 && calls().every((name) => name === call)) return;
    if (Date.now() > end) throw new Error(`not every thread came to stand in ${call}: ${calls()}`);
    await live.command({ do: 'continue' });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const python = (line: string): LaunchFile => ({ program: '/usr/bin/python3', args: ['-c', line], policy: 'observe' });

it('threads that wait for each other: in a futex, with those who called', async () => {
  const live = program.start(program.target('waits_for_ever'));
  await program.until('two threads', () => program.count('thread-birth') === 2);
  await pausedIn(live, 'futex');
  const [first, second] = threads();
  for (const thread of [first, second]) expect(thread?.stand?.at.module).toBe('libc.so.6');
  const callers = (thread: Thread | undefined) => thread?.stand?.callers?.map(({ symbol }) => symbol) ?? [];
  expect(callers(first)).toEqual(expect.arrayContaining([expect.stringMatching(/^main\+0x/)]));
  expect(callers(second)).toEqual(expect.arrayContaining([expect.stringMatching(/^wait_for_ever\+0x/)]));
  // It is told of what stands, and never of what goes on.
  await live.command({ do: 'continue' });
  await program.until('going on', () => program.world().phase.at === 'running');
  expect(threads().map(({ stand }) => stand)).toEqual([null, null]);
});

it('a thread that runs code of its own: in no call', async () => {
  const live = program.start(python('print("running", flush=True)\nwhile True: pass'));
  await program.until('running', () => program.output.includes('running'));
  // It wrote its word by a call.
  await pausedIn(live, null);
  expect(threads().map(({ stand }) => stand)).toMatchObject([
    { call: null, at: { module: expect.stringMatching(/^python/) } },
  ]);
});

it.each([
  { call: 'clock_nanosleep', line: 'import time; time.sleep(60)' },
  { call: 'epoll_wait', line: 'import select; select.epoll().poll(60)' },
  { call: 'read', line: 'import os; os.read(os.pipe()[0], 1)' },
  { call: 'wait4', line: 'import os, time; os.fork() or time.sleep(60); os.wait()' },
])('a program that sleeps in $call, however often it is looked at', async ({ call, line }) => {
  const live = program.start(python(line));
  const main = () => threads().filter(({ pid }) => pid === program.pid());
  await pausedIn(live, call, main);
  // A call that was interrupted goes on, some under another number; it is the same for who looks again.
  for (let i = 0; i < 3; i++) {
    await live.command({ do: 'continue' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await live.command({ do: 'pause' });
    expect(main()[0]?.stand).toMatchObject({ call, at: { module: 'libc.so.6' } });
  }
});
