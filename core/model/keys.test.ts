import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asKey, KEY_COUNT } from '../contract/ids.ts';
import { History } from './history.ts';
import { bytesOfMapping, keyTable, largestOfKey } from './keys.ts';
import { randomLog } from './testing/randomLog.ts';

it('counts over chunks what the list of regions says', () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(299), fc.constantFrom(0, 1, 2), (seed, at, number) => {
      const world = new History(randomLog(seed, 300).log()).at(at);
      const key = asKey(number);
      for (const space of world.spaces.values()) {
        const of = space.regions.filter((region) => region.key === key);
        const sum = (regions: typeof of): number => regions.reduce((all, { start, end }) => all + end - start, 0);
        const row = keyTable(world, space)[key];
        expect([row?.bytes, row?.writableBytes]).toEqual([sum(of), sum(of.filter(({ prot }) => prot && prot & 2))]);
        const heap = of.filter(({ name }) => name === '[heap]');
        expect(bytesOfMapping(space, '[heap]')).toHaveLength(KEY_COUNT + 1);
        expect(bytesOfMapping(space, '[heap]')[key]).toBe(sum(heap));
        const usable = of.filter(({ prot }) => prot !== null && prot !== 0);
        const sizes = usable.map(({ start, end }) => end - start).sort((a, b) => b - a);
        const { count, regions } = largestOfKey(space, key, 3);
        expect(count).toBe(usable.length);
        expect(regions.map(({ start, end }) => end - start)).toEqual(sizes.slice(0, 3));
      }
    }),
    { numRuns: 60 },
  );
});
