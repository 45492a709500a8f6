import type { Key } from '../../../core/contract/ids.ts';
import { tagWords } from '../../../core/model/keyHistory.ts';
import { labelsOf } from '../../../core/model/labels.ts';
import type { Module, Space } from '../../../core/model/space.ts';
import type { World } from '../../../core/model/world.ts';

/** Neighbouring pages of a module that are the same part and have the same key. */
export interface SegmentPart {
  readonly start: number;
  readonly end: number;
  readonly what: string;
  readonly prot: number | null;
  readonly key: Key | null;
  /** How it came to its key: `tagged by rule S1`, or `never tagged`. */
  readonly how: string;
}

/** The parts of a module in address order, as they are mapped now. */
export function moduleParts(world: World, space: Space, module: Module): readonly SegmentPart[] {
  const labels = labelsOf(world, space);
  const parts: SegmentPart[] = [];
  for (const region of space.range(module.start, module.end)) {
    for (const run of labels.runs(region)) {
      if (run.label.module !== module) continue;
      const part: SegmentPart = {
        start: run.start,
        end: run.end,
        what: run.label.text,
        prot: region.prot,
        key: region.key,
        how: region.tag ? tagWords(region.tag) : 'never tagged',
      };
      const last = parts.at(-1);
      const same =
        last &&
        last.end === part.start &&
        last.what === part.what &&
        last.key === part.key &&
        last.prot === part.prot &&
        last.how === part.how;
      if (last && same) parts[parts.length - 1] = { ...last, end: part.end };
      else parts.push(part);
    }
  }
  return parts;
}
