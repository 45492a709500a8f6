import { describe, expect, it } from 'vitest';
import { EventLog } from './eventLog.ts';
import { History } from './history.ts';
import { addressOf, cellLooks, orderOf, pageNumber, positionAt, positionOf } from './mapDetail.ts';
import { mapIndexOf } from './mapIndex.ts';
import { Crowd } from './testing/crowd.ts';

const log = new EventLog();
log.append(new Crowd({ threads: 8, regions: 600, pages: 20_000, step: 1000 }).batch(3000));
const world = new History(log).latest();
if (!world.main) throw new Error('no process');
const space = world.main;
const index = mapIndexOf(world, space);
const pages = space.regions.reduce((sum, region) => sum + (region.end - region.start) / 4096, 0);

describe('order', () => {
  it('numbers every page once, by address and by owner', () => {
    for (const byOwner of [false, true]) {
      const order = orderOf(index, byOwner, null);
      expect(order.before.at(-1)).toBe(pages);
      const seen = new Set<number>();
      for (const region of space.regions) {
        for (let page = region.start as number; page < region.end; page += 4096 * 97) {
          const number = pageNumber(index, order, page);
          expect(addressOf(index, order, number)).toBe(page);
          seen.add(number);
        }
      }
      expect(Math.min(...seen)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...seen)).toBeLessThan(pages);
    }
  });

  it('keeps the lines of one owner together', () => {
    const { lines } = orderOf(index, true, null);
    const owners = [...lines].map((line) => index.label(line).owner);
    const changes = owners.filter((owner, i) => owner !== owners[i - 1]).length;
    expect(changes).toBe(new Set(owners).size);
  });

  it('leaves out what is not wanted', () => {
    const order = orderOf(index, false, (line) => (index.keys(line) & 0b100) !== 0);
    expect(order.lines.length).toBeGreaterThan(0);
    const other = [...Array(index.length).keys()].find((line) => (index.keys(line) & 0b100) === 0) ?? -1;
    expect([positionOf(order, other), pageNumber(index, order, index.start(other))]).toEqual([-1, -1]);
    expect(addressOf(index, order, order.before.at(-1) ?? 0)).toBe(-1);
    expect(positionAt(order, 0)).toBe(0);
  });
});

describe('cells', () => {
  const order = orderOf(index, false, null);
  const looks = (perCell: number, first: number, count: number): Uint8Array => {
    const out = new Uint8Array(count);
    cellLooks(index, order, perCell, first, out, (_prot, key) => key);
    return out;
  };

  it('show the key of every page', () => {
    const all = looks(1, 0, pages);
    for (const region of space.regions) {
      const at = pageNumber(index, order, region.start);
      expect([all[at], all[at + (region.end - region.start) / 4096 - 1]]).toEqual([
        (region.key ?? -1) + 1,
        (region.key ?? -1) + 1,
      ]);
    }
    expect([...looks(1, 500, 100)]).toEqual([...all.subarray(500, 600)]);
  });

  it('show the winner of many pages, so that none is hidden', () => {
    const one = looks(1, 0, pages);
    const many = looks(64, 0, Math.ceil(pages / 64));
    many.forEach((look, cell) => {
      expect(look).toBe(Math.max(...one.subarray(cell * 64, cell * 64 + 64)));
    });
  });
});
