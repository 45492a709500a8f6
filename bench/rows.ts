/** The rows of the bench: what is measured, against what, and how much it may cost. */
import { join } from 'node:path';
import type { LaunchFile } from '../core/contract/launch.ts';
import type { Kit, Versions } from './kit.ts';
import { printedMicroseconds, resolved, runKeyhole, runPlain } from './run.ts';
import { applyByGdb, applyByKeyhole } from './threads.ts';

export interface Row {
  readonly operation: string;
  readonly unit: 'µs' | 'ms' | 's';
  /** What it is compared with, in words. */
  readonly peer: string;
  /** The program that must be there for the comparison. */
  readonly needs?: keyof Versions;
  /** ours / peer, at most; null = shown for orientation only. */
  readonly limit: number | null;
  readonly ours: () => Promise<number>;
  readonly theirs: () => Promise<number>;
  /** The same without any tracer, where the peer is one. */
  readonly native?: () => Promise<number>;
}

/** How much is done for one sample. */
export interface Effort {
  readonly calls: number;
  readonly steps: number;
  readonly frames: number;
  readonly threads: number;
}
export const fullEffort: Effort = { calls: 20_000, steps: 30_000_000, frames: 600, threads: 500 };
export const quickEffort: Effort = { calls: 200, steps: 1_000_000, frames: 10, threads: 20 };

/** A tracer and its tracee on one processor is the quickest placement there is, and the one that Keyhole chooses. */
const ONE_CPU = '0';

export function makeRows(kit: Kit, effort: Effort): Row[] {
  const { calls } = effort;
  const path = (program: string): string => join(kit.programs, program);
  const alone = async (program: string, count: number): Promise<number> =>
    printedMicroseconds(await runPlain([path(program), `${count}`]));
  const traced = async (launch: Omit<LaunchFile, 'program'> & { program: string }): Promise<number> =>
    printedMicroseconds(await runKeyhole(kit, resolved(kit, { ...launch, program: path(launch.program) })));
  const strace = async (program: string, before: readonly string[] = []): Promise<number> => {
    const log = join(kit.scratch, 'strace.log');
    const options = ['-f', '--seccomp-bpf', '-e', 'trace=%memory', '-o', log];
    return printedMicroseconds(await runPlain([...before, 'strace', ...options, path(program), `${calls}`]));
  };
  const bareStop = async (...place: string[]): Promise<number> =>
    printedMicroseconds(await runPlain([path('bare_stop'), `${calls}`, ...place]));

  /** From microseconds a step to milliseconds for all of them. */
  const perRun = (microseconds: number): number => (microseconds * effort.steps) / 1000;

  const memory = (operation: string, program: string, limit: number): Row[] => {
    const ours = () => traced({ program, args: [`${calls}`], policy: 'observe' });
    const native = () => alone(program, calls);
    return [
      { operation, unit: 'µs', peer: 'strace', needs: 'strace', limit, ours, theirs: () => strace(program), native },
      {
        operation: '  the same, strace pinned to one CPU',
        unit: 'µs',
        peer: 'strace, pinned',
        needs: 'strace',
        limit: null,
        ours,
        theirs: () => strace(program, ['taskset', '-c', ONE_CPU]),
        native,
      },
    ];
  };
  /** Against a plain tracer's stop as the kernel places the two, and for orientation against the quickest placement. */
  const stops = (operation: string, limit: number, ours: () => Promise<number>): Row[] => [
    { operation, unit: 'µs', peer: 'bare stop', limit, ours, theirs: () => bareStop() },
    {
      operation: '  the same, the bare stop on one CPU',
      unit: 'µs',
      peer: 'bare stop, one CPU',
      limit: null,
      ours,
      theirs: () => bareStop(ONE_CPU),
    },
  ];
  const keys = (operation: string, ranges: number, limit: number): Row[] =>
    stops(operation, limit, () => traced({ program: 'wrpkru', args: [`${calls}`, `${ranges}`], policy: 'observe' }));
  const crossing = (): Promise<number> =>
    traced({
      program: 'gate',
      args: [`${calls}`],
      gates: 'virtual',
      compartments: [
        { key: 1, name: 'program', modules: ['main'] },
        { key: 2, name: 'library', modules: ['libleaf.so'] },
      ],
      policy: 'split',
    });
  const dav1d = (threads: number, file: string, limit: number): Row => {
    const launch = resolved(kit, join(kit.root, 'examples/dav1d-split', file));
    const args = [...launch.args, '--limit', `${effort.frames}`];
    const md5 = new Set<string>();
    const checked = ({ output, seconds }: { output: string; seconds: number }): number => {
      if (md5.add(output.trim()).size > 1) throw new Error(`dav1d decoded something else: ${[...md5].join(', ')}`);
      return seconds;
    };
    return {
      operation: `dav1d split, ${effort.frames} frames, --threads ${threads}`,
      unit: 's',
      peer: 'native',
      needs: 'dav1d',
      limit,
      ours: async () => checked(await runKeyhole(kit, { ...launch, args })),
      theirs: async () => checked(await runPlain([launch.program, ...args], launch)),
    };
  };
  const policy = (peer: string, limit: number | null, counted: 'calls' | 'interrupted'): Row => ({
    operation: limit === null ? '  the same, less the stop' : `policy applied to ${effort.threads} live threads`,
    unit: 'ms',
    peer,
    needs: 'gdb',
    limit,
    ours: () => applyByKeyhole(kit, path('threads'), effort.threads),
    theirs: async () => (await applyByGdb(kit, path('threads'), effort.threads))[counted],
  });

  return [
    ...memory('mprotect, traced', 'mprotect', 0.65),
    ...memory('mmap + munmap, traced, per call', 'map', 0.85),
    {
      operation: 'compute only',
      unit: 'ms',
      peer: 'untraced',
      limit: 1.02,
      ours: async () => perRun(await traced({ program: 'compute', args: [`${effort.steps}`], policy: 'observe' })),
      theirs: async () => perRun(await alone('compute', effort.steps)),
    },
    // Real keys cost a program nothing; there is nothing to compare.
    ...(kit.native.hasPku()
      ? []
      : [
          ...keys('emulated WRPKRU, same regime', 0, 1.5),
          ...keys('emulated WRPKRU over two ranges', 2, 2.5),
          ...keys('emulated WRPKRU over ten ranges', 10, 3.5),
        ]),
    ...stops('gate crossing, one way', 3.5, crossing),
    dav1d(1, 'split.json', 3),
    dav1d(2, 'split-threads-2.json', 5),
    policy('gdb script, interrupt to last call', 0.05, 'interrupted'),
    policy('gdb script, its calls alone', null, 'calls'),
  ];
}
