import type { PlanStep } from '../../../core/contract/details.ts';
import type { Rule } from '../../../core/contract/events.ts';
import { type Key, PAGE, type Pid, type Tid } from '../../../core/contract/ids.ts';
import type { Label, LabelKind } from '../../../core/model/label.ts';
import { labelsOf } from '../../../core/model/labels.ts';
import { FOLD, type MapIndex } from '../../../core/model/mapIndex.ts';
import type { Region, Space } from '../../../core/model/space.ts';
import type { World } from '../../../core/model/world.ts';

/** Pages of a row that are alike. `key` and `prot` null = unknown. */
export interface Run {
  readonly start: number;
  readonly end: number;
  readonly key: Key | number | null;
  readonly prot: number | null;
  readonly tagged: boolean;
  /** The rule that left these pages shared inside a tagged range; null = no carve-out. */
  readonly carveOut: Rule | null;
}

/** One line of the map: neighbouring pages of one owner that belong together. */
export interface MapRow {
  readonly pid: Pid;
  readonly owner: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly prot: number | null;
  readonly thread: Tid | null;
  readonly runs: readonly Run[];
  readonly notes: readonly string[];
  /** Unmapped bytes before the row, when they are too few for a line of their own. */
  readonly gap: number;
}

const carveOutRules: ReadonlySet<Rule> = new Set(['R5', 'R6', 'R10', 'dtv', 'below-tcb', 'rseq', 'pthread', 'symbol']);

export const carveOutOf = (region: Region): Rule | null =>
  region.key === 0 && region.tag !== null && carveOutRules.has(region.tag.rule) ? region.tag.rule : null;

/** Line `i` of the index in words and runs. */
export function mapRow(index: MapIndex, i: number): MapRow {
  const { world, space } = index;
  const labels = labelsOf(world, space);
  const [start, end] = [index.start(i), index.end(i)];
  const texts = new Set<string>();
  const runs: Run[] = [];
  let prot: number | null = 0;
  let thread: Tid | null = null;
  for (const region of space.range(start, end)) {
    for (const piece of labels.runs(region)) {
      if (piece.end <= start || piece.start >= end) continue;
      if (piece.label.kind !== 'guard') texts.add(wordsOf(piece.label));
      thread ??= piece.label.thread;
      addRun(runs, {
        start: piece.start,
        end: piece.end,
        key: region.key,
        prot: region.prot,
        tagged: region.everTagged,
        carveOut: carveOutOf(region),
      });
    }
    // The line speaks for its usable pages: a guard or a reservation in front does not set its protection.
    if (prot === 0) prot = region.prot;
  }
  const label = index.label(i);
  const { family } = label;
  const gap = index.gap(i);
  return {
    pid: space.pid,
    owner: label.owner,
    text: [...texts].join(family === 'data' ? ' ' : ', ') || wordsOf(label),
    start,
    end,
    prot,
    thread,
    runs,
    notes: notesOf(world, space, family, start, runs),
    gap: gap >= FOLD ? 0 : gap,
  };
}

/** Words that fit the column, where the label's own do not. */
const brief: Partial<Record<LabelKind, string>> = {
  guard: 'stack',
  rodata: 'rodata',
  reservation: 'reserved',
  anonymous: 'anonymous',
};
const wordsOf = (label: Label): string => brief[label.kind] ?? label.text;

function addRun(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  const same =
    last &&
    last.key === run.key &&
    last.carveOut === run.carveOut &&
    last.tagged === run.tagged &&
    (last.prot === run.prot || (run.key !== 0 && ((last.prot ?? 0) & 2) === ((run.prot ?? 0) & 2) && run.prot !== 0));
  if (last && same) runs[runs.length - 1] = { ...last, end: run.end };
  else runs.push(run);
}

/** Why pages of a row are as they are: carve-outs with what lives there, and what a rule left shared. */
function notesOf(world: World, space: Space, family: string, start: number, runs: readonly Run[]): string[] {
  const notes: string[] = [];
  for (const run of runs) {
    if (run.carveOut === null) continue;
    const all = labelsOf(world, space).notes(run.start);
    const what = all.find((note) => /^(TCB page|stack-pointer slot|DTV)/.test(note)) ?? all[0] ?? 'carve-out';
    notes.push(`${what}, ${run.carveOut}`);
  }
  const module = space.moduleAt(start);
  const shared = family === 'RELRO' || family === 'shared section';
  const tags = world.policy !== null && world.policy.name !== 'observe';
  if (shared && tags && module?.key && module.facts.tag.includes('segments')) notes.push('shared by S2');
  return notes;
}

/** Steps of a plan that would share a page of the row which is private now. */
export const plannedCarveOuts = (row: MapRow, steps: readonly PlanStep[]): readonly PlanStep[] =>
  steps.filter((step) => {
    const start = Number(step.start);
    if (step.key !== 0 || start < row.start || start >= row.end) return false;
    const run = row.runs.find((candidate) => candidate.start <= start && start < candidate.end);
    return run !== undefined && run.key !== 0 && run.key !== null;
  });

/** What memory depends on: the same text means the same lines. Most events (crossings, rights) leave it alone. */
export const memorySignature = (world: World): string => {
  const c = world.counts;
  return [c.map, c.unmap, c.protect, c.tag, c['module-load'], c['module-unload'], c.exec, c.policy, c.tls]
    .concat([c['thread-birth'], c['thread-exit'], c['process-birth'], c['process-exit']])
    .join();
};

export const pageStart = (addr: number): number => addr - (addr % PAGE);
