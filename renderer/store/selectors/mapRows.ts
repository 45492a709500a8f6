import type { PlanStep } from '../../../core/contract/details.ts';
import type { Rule } from '../../../core/contract/events.ts';
import { type Key, PAGE, type Pid, type Tid } from '../../../core/contract/ids.ts';
import { type Label, type LabelKind, labelsOf } from '../../../core/model/labels.ts';
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
  readonly kind: 'row';
  readonly pid: Pid;
  readonly owner: string;
  /** False where the row above has the same owner. */
  readonly first: boolean;
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

/** A stretch of nothing, folded into one line. */
export interface GapRow {
  readonly kind: 'gap';
  readonly start: number;
  readonly end: number;
}

export type MapLine = MapRow | GapRow;

const carveOutRules: ReadonlySet<Rule> = new Set(['R5', 'R6', 'R10', 'dtv', 'below-tcb', 'rseq', 'pthread', 'symbol']);
const FOLD = 1 << 26;

/** Labels that share a line when they follow each other. */
const family: Partial<Record<LabelKind, string>> = {
  code: 'image',
  rodata: 'image',
  data: 'data',
  bss: 'data',
  stack: 'stack',
  guard: 'stack',
  anonymous: 'anonymous',
  reservation: 'anonymous',
};

export const carveOutOf = (region: Region): Rule | null =>
  region.key === 0 && region.tag !== null && carveOutRules.has(region.tag.rule) ? region.tag.rule : null;

interface Draft {
  owner: string;
  family: string;
  texts: string[];
  start: number;
  end: number;
  prot: number | null;
  thread: Tid | null;
  runs: Run[];
}

/** The address space as lines, in address order. */
export function mapLines(world: World, space: Space): readonly MapLine[] {
  const labels = labelsOf(world, space);
  const drafts: Draft[] = [];
  for (const region of space.regions) {
    for (const piece of labels.runs(region)) addPiece(drafts, region, piece.start, piece.end, piece.label);
  }
  const lines: MapLine[] = [];
  let before: Draft | null = null;
  for (const draft of drafts) {
    const gap = before ? draft.start - before.end : 0;
    if (before && gap >= FOLD) lines.push({ kind: 'gap', start: before.end, end: draft.start });
    lines.push({
      kind: 'row',
      pid: space.pid,
      owner: draft.owner,
      first: before?.owner !== draft.owner || gap >= FOLD,
      text: draft.texts.join(draft.family === 'data' ? ' ' : ', '),
      start: draft.start,
      end: draft.end,
      prot: draft.prot,
      thread: draft.thread,
      runs: draft.runs,
      notes: notesOf(world, space, draft),
      gap: gap >= FOLD ? 0 : gap,
    });
    before = draft;
  }
  return lines;
}

/** Words that fit the column, where the label's own do not. */
const brief: Partial<Record<LabelKind, string>> = {
  guard: 'stack',
  rodata: 'rodata',
  reservation: 'reserved',
  anonymous: 'anonymous',
};
const wordsOf = (label: Label): string => brief[label.kind] ?? label.text;

function addPiece(drafts: Draft[], region: Region, start: number, end: number, label: Label): void {
  const of = family[label.kind] ?? label.text;
  const last = drafts.at(-1);
  const run: Run = {
    start,
    end,
    key: region.key,
    prot: region.prot,
    tagged: region.everTagged,
    carveOut: carveOutOf(region),
  };
  if (last && last.end === start && last.owner === label.owner && last.family === of) {
    if (!last.texts.includes(wordsOf(label)) && label.kind !== 'guard') last.texts.push(wordsOf(label));
    // The line speaks for its usable pages: a guard or a reservation in front does not set its protection.
    if (last.prot === 0) last.prot = region.prot;
    last.end = end;
    last.thread ??= label.thread;
    addRun(last.runs, run);
    return;
  }
  drafts.push({
    owner: label.owner,
    family: of,
    texts: [wordsOf(label)],
    start,
    end,
    prot: region.prot,
    thread: label.thread,
    runs: [run],
  });
}

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
function notesOf(world: World, space: Space, draft: Draft): string[] {
  const notes: string[] = [];
  for (const run of draft.runs) {
    if (run.carveOut === null) continue;
    const all = labelsOf(world, space).notes(run.start);
    const what = all.find((note) => /^(TCB page|stack-pointer slot|DTV)/.test(note)) ?? all[0] ?? 'carve-out';
    notes.push(`${what}, ${run.carveOut}`);
  }
  const module = space.moduleAt(draft.start);
  const shared = draft.family === 'RELRO' || draft.family === 'shared section';
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

/** The row that holds an address; -1 where nothing is mapped. */
export function lineAt(lines: readonly MapLine[], addr: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[middle]?.end ?? 0) > addr) high = middle;
    else low = middle + 1;
  }
  const found = lines[low];
  return found?.kind === 'row' && found.start <= addr ? low : -1;
}

/** What memory depends on: the same text means the same lines. Most events (crossings, rights) leave it alone. */
export const memorySignature = (world: World): string => {
  const c = world.counts;
  return [c.map, c.unmap, c.protect, c.tag, c['module-load'], c['module-unload'], c.exec, c.policy, c.tls]
    .concat([c['thread-birth'], c['thread-exit'], c['process-birth'], c['process-exit']])
    .join();
};

export const pageStart = (addr: number): number => addr - (addr % PAGE);
