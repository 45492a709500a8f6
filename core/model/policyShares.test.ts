import { expect, test } from 'vitest';
import { presets } from '../contract/policies.ts';
import { History } from './history.ts';
import { newlyShared } from './policyShares.ts';
import { syntheticSession } from './testing/synthetic.ts';

const log = syntheticSession({ story: 'live' });
const world = new History(log).at(log.length - 200);
const shared = (policy: keyof typeof presets, base: keyof typeof presets) => {
  if (!world.main) throw new Error('no process');
  return newlyShared(world, world.main, presets[policy], presets[base]);
};

test('split shares the TCB page of every thread beyond tag-all, and the slot of the first', () => {
  const found = shared('split', 'tag-all');
  expect(found.map(({ number }) => number)).toEqual([1, 2, 3]);
  for (const { pages } of found) expect(pages?.map(({ rule }) => rule)).toContain('R6');
  expect(found[0]?.pages?.map(({ rule }) => rule).sort()).toEqual(['R5', 'R6']);
  expect(found[0]?.pages?.flatMap(({ holds }) => holds)).toContain('stack-protector canary');
});

test('a policy shares nothing beyond itself, and a narrower one nothing beyond a wider one', () => {
  for (const { pages } of [...shared('split', 'split'), ...shared('tag-all', 'split')]) expect(pages).toEqual([]);
});
