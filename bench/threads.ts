/** A policy for many live threads: by Keyhole's command, and by a gdb script that makes the same calls. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanStep } from '../core/contract/details.ts';
import { presets } from '../core/contract/policies.ts';
import type { Kit } from './kit.ts';
import { resolved, runPlain, startKeyhole } from './run.ts';

/** Milliseconds from the command to its answer: every thread stopped, its TLS tagged, let go again. */
export async function applyByKeyhole(kit: Kit, program: string, threads: number): Promise<number> {
  const launch = resolved(kit, {
    program,
    args: [`${threads}`],
    compartments: [{ key: 1, name: 'program', modules: ['main'] }],
    policy: 'observe',
  });
  const { session, output } = startKeyhole(kit, launch);
  try {
    const ended = session.ended.then(() => {
      throw new Error(`${program} ended early: ${output()}`);
    });
    while (!output().includes('ready')) {
      await Promise.race([new Promise((resolve) => setTimeout(resolve, 5)), ended]);
    }
    const start = performance.now();
    const steps = (await session.command({ do: 'apply', policy: presets.split })) as PlanStep[];
    const ms = performance.now() - start;
    if (steps.length < threads) throw new Error(`only ${steps.length} steps for ${threads} threads`);
    return ms;
  } finally {
    session.dispose();
  }
}

/**
 * Milliseconds in gdb, from the interrupt of the running program to the last call's end, as Keyhole's command has it (which
 * lets the threads go again, too), and of the calls alone, one mprotect a thread. Its start, attaching and the program's
 * symbols are not counted. Only the calling thread runs meanwhile (scheduler-locking), which is gdb's quickest way. Each call is
 * made by stepping over the system call instruction that the thread sleeps at: `call mprotect(…)` needs more stops, and
 * gdb 13 fails at it on a CPU with AMX ("Couldn't write extended state status"), whose registers do not fit its buffer.
 */
export async function applyByGdb(
  kit: Kit,
  program: string,
  threads: number,
): Promise<{ calls: number; interrupted: number }> {
  const child = spawn(program, [`${threads}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const script = join(kit.scratch, 'apply.gdb');
    writeFileSync(
      script,
      `set pagination off
set confirm off
attach ${child.pid}
shell (sleep 0.5; echo at=$(date +%s%N); kill -INT ${child.pid}) &
continue
set scheduler-locking on
set $call = $rip - 2
set $made = 0
set $i = 0
shell echo at=$(date +%s%N)
while $i < thread_count
  set $rip = $call
  set $rax = 10
  set $rdi = thread_page[$i]
  set $rsi = 4096
  set $rdx = 0
  stepi
  if $rax == 0
    set $made = $made + 1
  end
  set $i = $i + 1
end
shell echo at=$(date +%s%N)
printf "made=%d\\n", $made
set $rip = $call
set $rax = 34
detach
`,
    );
    const { output } = await runPlain(['gdb', '-batch', '-nx', '-x', script, program]);
    const times = [...output.matchAll(/^at=(\d+)$/gm)].map(([, ns]) => Number(ns) / 1e6);
    const made = Number(/^made=(\d+)$/m.exec(output)?.[1]);
    const [interrupt, start, end] = times;
    if (!interrupt || !start || !end || made !== threads) {
      throw new Error(`gdb made ${made} of ${threads} calls: ${output.slice(-300)}`);
    }
    return { calls: end - start, interrupted: end - interrupt };
  } finally {
    child.kill('SIGKILL');
  }
}
