import type { Rule } from '../../../core/contract/events.ts';
import { type Key, PAGE } from '../../../core/contract/ids.ts';
import { labelsOf } from '../../../core/model/labels.ts';
import type { Region, Space } from '../../../core/model/space.ts';
import type { World } from '../../../core/model/world.ts';
import { carveOutOf } from './mapRows.ts';

/** One page, in the words of its magnified cell. */
export interface PageFacts {
  readonly start: number;
  readonly key: Key | null;
  readonly look: 'key' | 'hollow' | 'closed' | 'unmapped';
  /** `private to cli`, `shared`, `read-only, never tagged`. */
  readonly owner: string;
  /** `TCB page of T1`; '' where nothing notable lives. */
  readonly title: string;
  readonly what: string;
  readonly carveOut: Rule | null;
}

const lookOf = (region: Region): PageFacts['look'] => {
  if (region.prot === 0) return 'closed';
  const readOnly = region.prot !== null && (region.prot & 2) === 0;
  return readOnly && region.key === 0 && !region.everTagged ? 'hollow' : 'key';
};

function ownerWords(world: World, region: Region): string {
  if (lookOf(region) === 'closed') return 'no access';
  if (lookOf(region) === 'hollow') return 'read-only, never tagged';
  if (region.key === null) return 'key unknown';
  if (region.key === 0) return 'shared';
  return `private to ${world.keyName(region.key) ?? `key ${region.key}`}`;
}

export function pageFacts(world: World, space: Space, start: number): PageFacts {
  const region = space.at(start);
  if (!region) {
    return { start, key: null, look: 'unmapped', owner: 'not mapped', title: '', what: '', carveOut: null };
  }
  const labels = labelsOf(world, space);
  const notes = labels.notes(start);
  const title = notes.find((note) => note.startsWith('TCB page')) ?? notes.find((note) => note.includes('slot')) ?? '';
  const label = labels.at(start);
  const rest = notes.filter((note) => note !== title).slice(0, 2);
  return {
    start,
    key: region.key,
    look: lookOf(region),
    owner: ownerWords(world, region),
    title,
    what: rest.length > 0 ? rest.join(', ') : title ? '' : `${label.text}${label.owner ? ` of ${label.owner}` : ''}`,
    carveOut: carveOutOf(region),
  };
}

/** A page and its neighbours, as far as they are mapped. */
export const magnifiedPages = (world: World, space: Space, page: number): readonly PageFacts[] =>
  [page - PAGE, page, page + PAGE]
    .filter((start) => start === page || (start >= 0 && space.at(start) !== null))
    .map((start) => pageFacts(world, space, start));
