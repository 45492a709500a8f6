/** Differences between two recordings of one program, and between two outputs. */
import type { Sequences } from './sequences.ts';

/** Lines that only one of two lists has, as often as it has them more. */
function surplus(of: readonly string[], over: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of over) counts.set(line, (counts.get(line) ?? 0) + 1);
  return of.filter((line) => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left <= 0;
  });
}

/** In a process that a signal ends, threads other than the one that is at fault get as far as they happen to. */
const cutShort = (lines: readonly string[]): string[] =>
  lines.some((line) => /^(fault|process-exit) /.test(line))
    ? []
    : lines.filter((line) => !line.startsWith('thread-exit'));

/** One line each: the thread, what only one side has (`emulated:` or `real:`), or that the order differs. */
export function differences(emulated: Sequences, real: Sequences): string[] {
  const killed = [...emulated.values(), ...real.values()].some((lines) =>
    lines.some((line) => line.startsWith('process-exit {"signal"')),
  );
  return [...new Set([...emulated.keys(), ...real.keys()])].flatMap((thread) => {
    const ours = emulated.get(thread) ?? [];
    const theirs = real.get(thread) ?? [];
    const [one, other] = [cutShort(ours), cutShort(theirs)];
    const common = Math.min(one.length, other.length);
    if (killed && common > 0 && one.slice(0, common).join('\n') === other.slice(0, common).join('\n')) return [];
    const only = [
      ...surplus(ours, theirs).map((line) => `thread ${thread}: emulated: ${line}`),
      ...surplus(theirs, ours).map((line) => `thread ${thread}: real: ${line}`),
    ];
    const ordered = only.length > 0 || ours.join('\n') === theirs.join('\n');
    return ordered ? only : [`thread ${thread}: the order differs`];
  });
}

/** Sequences of a program whose threads share their work as time has it: who asks for memory when is left out. */
export const withoutMemory = (sequences: Sequences): Sequences =>
  new Map(
    [...sequences].map(([thread, lines]) => [thread, lines.filter((line) => !/^(map|unmap|protect) /.test(line))]),
  );

/** A program's output without what differs from run to run: where things lie, and thread ids. */
export const plainOutput = (output: string): string =>
  output
    .replaceAll(/0x[0-9a-f]{9,16}\b/g, (address) => `address ending in ${address.slice(-3)}`)
    .replaceAll(/^(tid|pid)=0x[0-9a-f]+$/gm, '$1')
    .replaceAll(/^(Segmentation fault|Aborted|Terminated|Illegal instruction|Killed)\n/gm, '');

/** A difference between emulated and real keys that is known, and why it is there. */
export interface Limit {
  readonly id: string;
  /** One sentence for docs/emulation-limits.md. */
  readonly reason: string;
  /** The lines of `differences` that it accounts for. */
  readonly lines: RegExp;
  /** The programs in which it shows: there it must, elsewhere it must not. */
  readonly programs: readonly string[];
  /** Only where this machine's Linux is at least this, `major.minor`. */
  readonly fromLinux?: string;
}

/** Whether a difference is to be expected on a machine of this release, as `uname -r` says it. */
export function occursOn({ fromLinux }: Limit, release: string): boolean {
  if (fromLinux === undefined) return true;
  const [major = 0, minor = 0] = release.split('.').map(Number.parseFloat);
  const [fromMajor = 0, fromMinor = 0] = fromLinux.split('.').map(Number);
  return major > fromMajor || (major === fromMajor && minor >= fromMinor);
}

/** What speaks against a program's differences being those that are listed for it. */
export function unexplained(program: string, found: readonly string[], limits: readonly Limit[]): string[] {
  const listed = limits.filter((limit) => limit.programs.includes(program));
  const strange = found.filter((line) => !listed.some((limit) => limit.lines.test(line)));
  const absent = listed.filter((limit) => !found.some((line) => limit.lines.test(line)));
  return [...strange, ...absent.map((limit) => `listed as ${limit.id} in limits.ts, but it does not occur`)];
}
