import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAGE } from '../contract/ids.ts';
import { EventLog } from './eventLog.ts';
import { History } from './history.ts';
import { labelsOf } from './labels.ts';
import { FOLD, MapIndex } from './mapIndex.ts';
import type { Space } from './space.ts';
import { Crowd } from './testing/crowd.ts';
import { randomLog } from './testing/randomLog.ts';
import { syntheticSession } from './testing/synthetic.ts';
import type { World } from './world.ts';

interface Line {
  start: number;
  end: number;
  owner: string;
  family: string;
  changed: number;
  keys: number;
  reserved: boolean;
}

/** The lines as their definition says, page by page: what the index must hold. */
function linesByPage(world: World, space: Space): Line[] {
  const labels = labelsOf(world, space);
  const lines: Line[] = [];
  for (const region of space.regions) {
    const changed = Math.max(region.mapped, region.tag?.event ?? -1);
    const bit = 1 << (region.key ?? 16);
    const closed = region.prot === 0;
    for (const run of labels.runs(region)) {
      const reserved = closed && run.end - run.start >= FOLD;
      for (let page: number = run.start; page < run.end; page += reserved ? run.end - run.start : PAGE) {
        const { owner, family } = labels.at(page);
        const end = reserved ? run.end : page + PAGE;
        const last = lines.at(-1);
        const joins = last?.end === page && last.owner === owner && last.family === family;
        if (last && joins && !last.reserved && !reserved) {
          last.end = end;
          last.changed = Math.max(last.changed, changed);
          last.keys |= bit;
        } else lines.push({ start: page, end, owner, family, changed, keys: bit, reserved });
      }
    }
  }
  return lines;
}

const linesOf = (index: MapIndex): Line[] =>
  Array.from({ length: index.length }, (_, i) => ({
    start: index.start(i),
    end: index.end(i),
    owner: index.label(i).owner,
    family: index.label(i).family,
    changed: index.changed(i),
    keys: index.keys(i),
    reserved: index.reserved(i),
  }));

function checkAll(world: World): void {
  for (const space of world.spaces.values()) {
    const index = new MapIndex(world, space);
    expect(linesOf(index)).toEqual(linesByPage(world, space));
    // What a line visits is its own pages, each once.
    for (let i = 0; i < index.length; i++) {
      let at = index.start(i);
      index.visit(i, (start, end) => {
        expect(start).toBe(at);
        at = end;
      });
      expect(at).toBe(index.end(i));
    }
  }
}

describe('MapIndex', () => {
  it('holds the lines that the definition gives, at any instant of random logs', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(299), (seed, at) => checkAll(new History(randomLog(seed, 300).log()).at(at))),
      { numRuns: 60 },
    );
  });

  it('holds them among modules, stacks and TLS too', () => {
    const log = new EventLog();
    log.append(new Crowd({ threads: 12, regions: 400, pages: 8000, step: 1000 }).batch(4000));
    const history = new History(log);
    for (const row of [100, 400, 700, 1500, 2600, 3999]) checkAll(history.at(row));
    for (const story of ['split', 'stopped'] as const) checkAll(new History(syntheticSession({ story })).latest());
  });
});
