import { hex } from '../../../core/contract/ids.ts';
import { protWords } from '../../../core/model/names.ts';
import type { Space } from '../../../core/model/space.ts';
import type { World } from '../../../core/model/world.ts';
import { pageStart } from '../../store/selectors/mapRows.ts';
import { pageFacts } from '../../store/selectors/pages.ts';

/** A page in one line: where it is, what lives there, whose it is, what may be done with it. */
export function pageWords(world: World, space: Space, addr: number): string {
  const page = pageStart(addr);
  const facts = pageFacts(world, space, page);
  const region = space.at(page);
  const key = region?.key == null ? '' : `key ${region.key}`;
  return [hex(page), facts.title, facts.what, facts.owner, key, region ? protWords(region.prot) : '']
    .filter((word) => word !== '')
    .join(' · ');
}
