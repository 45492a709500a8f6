/** Programs that nobody wrote for Keyhole: what it says of their large memory, held to what the kernel says. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asAddr } from '../../core/contract/ids.ts';
import { History } from '../../core/model/history.ts';
import type { Label } from '../../core/model/label.ts';
import { labelsOf } from '../../core/model/labels.ts';
import { shortModule } from '../../core/model/names.ts';
import { rowsOfKind } from '../../core/model/scan.ts';
import type { Region } from '../../core/model/space.ts';
import { type Recording, record, root } from './record.ts';

const LARGE = 1 << 20;

interface Program {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** It prints what the kernel says of its memory. */
  readonly tells: boolean;
}

const clip = join(root, 'examples/dav1d-split/clip.ivf');
const programs: readonly Program[] = [
  {
    ...{ name: 'python3', program: '/usr/bin/python3', tells: true },
    args: ['-c', 'import json, sqlite3; big = bytearray(5000000); print(open("/proc/self/maps").read())'],
  },
  { name: 'git', program: '/usr/bin/git', args: ['-C', root, 'log', '--oneline', '-50'], tells: false },
  {
    ...{ name: 'ffmpeg', program: '/usr/bin/ffmpeg', tells: false },
    args: ['-hide_banner', '-loglevel', 'error', '-i', clip, '-f', 'null', '-'],
  },
  {
    ...{ name: 'node', program: process.execPath, tells: true },
    args: ['-e', 'process.stdout.write(require("fs").readFileSync("/proc/self/maps"))'],
  },
];

/** The regions of the program just before its end, with their labels. */
function lastRegions({ log }: Recording): readonly { readonly region: Region; readonly label: Label; size: number }[] {
  const end = rowsOfKind(log, 'process-exit')[0] ?? log.length;
  const world = new History(log).at(end - 1);
  const space = world.main;
  if (!space) throw new Error('the program has no memory');
  const labels = labelsOf(world, space);
  return space.regions.flatMap((region) =>
    labels.runs(region).map(({ start, end: until, label }) => ({ region, label, size: until - start })),
  );
}

/** What has a name that says nothing. */
const unnamed = ({ kind }: Label): boolean => kind === 'anonymous' || kind === 'reservation' || kind === 'unmapped';

describe.each(programs)('$name', (program) => {
  const { name, args, tells } = program;
  // A skipped test says so in the report; its name says what is missing.
  const there = existsSync(program.program);
  const test = it.skipIf(!there);
  const without = there ? '' : ` (SKIPPED: ${program.program} is not installed)`;

  test(`has no large region without a name that a mapping or its module could give it${without}`, () => {
    const recording = record({ program: program.program, args: [...args], policy: 'observe' }, false);
    expect(recording.summary.exit).toEqual({ code: 0 });
    const large = lastRegions(recording).filter(({ size }) => size >= LARGE);
    expect(large.length).toBeGreaterThan(0);
    for (const { region, label } of large) {
      const what = `${name}: ${region.start.toString(16)} ${region.name} is "${label.text}" of "${label.owner}"`;
      if (region.module) expect(label.owner, what).toBe(region.module.short);
      else if (region.name.startsWith('/')) expect(label.owner, what).toBe(shortModule(region.name));
      else if (region.name !== '') expect(label.text, what).toBe(region.name);
      else if (region.flags.includes('stack')) expect(['stack', 'guard'], what).toContain(label.kind);
      if (region.module || region.name !== '') expect(unnamed(label) && label.owner === '', what).toBe(false);
    }
    if (tells) heldToTheKernel(recording);
  });
});

/** Every large mapping that has a name in /proc/self/maps has it here too. */
function heldToTheKernel({ log, output }: Recording): void {
  const row = rowsOfKind(log, 'output').at(-1) ?? log.length - 1;
  const world = new History(log).at(row);
  const space = world.main;
  if (!space) throw new Error('the program has no memory');
  const labels = labelsOf(world, space);
  const named = [...output.matchAll(/^([0-9a-f]+)-([0-9a-f]+) \S+ \S+ \S+ \S+ +(\S.*)$/gm)];
  const large = named.filter(([, start, end]) => Number(`0x${end}`) - Number(`0x${start}`) >= LARGE);
  expect(large.length).toBeGreaterThan(0);
  for (const [line, start, , path = ''] of large) {
    const label = labels.at(asAddr(Number(`0x${start}`)));
    const expected = path.startsWith('/') ? shortModule(path) : path;
    expect([label.owner, label.text], line).toContain(expected);
  }
}
