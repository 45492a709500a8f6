/** A program that runs as somebody else's child, and what the kernel says of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { PATIENCE_MS } from '../patience.ts';

export interface Running {
  readonly pid: number;
  /** Everything it wrote, then how it ended, as a shell says it. */
  readonly end: Promise<string>;
  /** Waits until it has written `text`. */
  said(text: string): Promise<void>;
  /** All that it has written so far. */
  output(): string;
  /** Writes a line to its input. */
  tell(line: string): void;
  /** Ends its input. */
  finish(): void;
  /** Kills it and the shell that waits for it. */
  kill(): void;
}

/** Starts a program as somebody else's child: the end of our own would be told to its tracer alone (wait(2)). */
export async function start(file: string, args: readonly string[] = []): Promise<Running> {
  // Its number comes before anything that it writes itself.
  const become = 'echo $$; exec "$0" "$@"';
  // A shell gives what runs in the background no input of ours unless told to.
  const script = 'exec 3<&0; /bin/sh -c "$0" "$@" <&3 & exec 3<&-; wait $!; echo "status $?"';
  const shell = spawn('/bin/sh', ['-c', script, become, file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  shell.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const own = () => output.slice(output.indexOf('\n') + 1);
  const said = (text: string) => until(`'${text}'`, () => output.includes(text));
  const end = once(shell, 'close').then(own);
  await said('\n');
  const pid = Number.parseInt(output, 10);
  // It is the shell still, for a moment.
  await until(file, () => !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(become));
  const kill = () => {
    if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
    shell.kill('SIGKILL');
  };
  const tell = (line: string) => shell.stdin.write(`${line}\n`);
  return { pid, end, said, output: own, kill, tell, finish: () => shell.stdin.end() };
}

export async function until(what: string, ready: () => boolean): Promise<void> {
  for (const limit = Date.now() + PATIENCE_MS; !ready(); ) {
    if (Date.now() > limit) throw new Error(`${what} did not come within ${PATIENCE_MS / 1000} s`);
    await pause(10);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A field of the process's status; empty when it has none. */
export const status = (pid: number, field: string): string =>
  new RegExp(`^${field}:\\s*(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';

/** The state of each of its threads, as letters: `SSS` when three sleep. */
export const states = (pid: number): string =>
  readdirSync(`/proc/${pid}/task`)
    .map((tid) => /^State:\s*(\S)/m.exec(readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8'))?.[1] ?? '')
    .join('');

/** The mappings of a process with what belongs to them for good: place, size, flags and key. */
export const mappings = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/smaps`, 'utf8')
    .split('\n')
    .filter((line) => /^([0-9a-f]+-|VmFlags|ProtectionKey|Size)/.test(line));

/** What the kernel says of a process that we could have changed: mappings with flags and keys, masks, threads. */
export function traces(pid: number): string {
  const threads = readdirSync(`/proc/${pid}/task`).map((tid) => {
    const text = readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8');
    // Not SigQ: it counts the signals that wait for anybody of this user (proc(5)).
    return text
      .split('\n')
      .filter((line) => /^(Name|State|Tgid|Pid|TracerPid|Sig[^Q]|Shd|NoNewPrivs|Seccomp)/.test(line));
  });
  return [...mappings(pid), ...threads.flat()].join('\n');
}
