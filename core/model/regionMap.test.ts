import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAGE } from '../contract/ids.ts';
import { RegionMap } from './regionMap.ts';

const PAGES = 96;

interface Page {
  prot: number;
  key: number;
  mapped: number;
  words: number;
  tagged: number;
}

/** Some numbers of words have no room in a region. */
const wordsOf = (row: number): number => (row % 5 === 4 ? 2 ** 21 + row : row * 1000);
const kept = (words: number): number => (words >= 2 ** 21 ? -1 : words);

type Op =
  | { op: 'map' | 'tag' | 'protect'; from: number; count: number; prot: number; key: number }
  | { op: 'unmap'; from: number; count: number };

const range = { from: fc.nat(PAGES - 1), count: fc.integer({ min: 0, max: 40 }) };
const value = { prot: fc.constantFrom(0, 1, 3, 5), key: fc.constantFrom(0, 1, 2) };
const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ op: fc.constantFrom('map' as const, 'tag' as const, 'protect' as const), ...range, ...value }),
  fc.record({ op: fc.constant('unmap' as const), ...range }),
);

function apply(map: RegionMap, naive: (Page | null)[], step: Op, row: number): void {
  const start = step.from * PAGE;
  const end = start + step.count * PAGE;
  if (step.op === 'map') map.map(start, end, step.prot, step.key, row, wordsOf(row));
  else if (step.op === 'unmap') map.unmap(start, end);
  else if (step.op === 'protect') map.protect(start, end, step.prot);
  else map.tag(start, end, step.key, step.prot, row);
  for (let page = step.from; page < step.from + step.count; page++) {
    const old = naive[page] ?? null;
    if (step.op === 'map')
      naive[page] = { prot: step.prot, key: step.key, mapped: row, words: kept(wordsOf(row)), tagged: -1 };
    else if (step.op === 'unmap') naive[page] = null;
    else if (old && step.op === 'protect') naive[page] = { ...old, prot: step.prot };
    else if (old && step.op === 'tag') naive[page] = { ...old, prot: step.prot, key: step.key, tagged: row };
  }
}

/** The pages joined to the longest runs of equal neighbours: what a region map must hold. */
function runs(naive: readonly (Page | null)[]) {
  const out: ({ start: number; end: number } & Page)[] = [];
  naive.forEach((page, i) => {
    if (!page) return;
    const last = out.at(-1);
    const joins =
      last?.end === i * PAGE &&
      last.prot === page.prot &&
      last.key === page.key &&
      last.mapped === page.mapped &&
      last.tagged === page.tagged;
    if (joins && last) last.end += PAGE;
    else out.push({ start: i * PAGE, end: (i + 1) * PAGE, ...page });
  });
  return out;
}

const empty = (): (Page | null)[] => Array.from({ length: PAGES + 64 }, () => null);

describe('RegionMap', () => {
  it('equals a page array after any steps, merged as far as it can be', () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 60 }), (steps) => {
        const map = new RegionMap();
        const naive = empty();
        steps.forEach((step, row) => {
          apply(map, naive, step, row);
        });
        expect([...map.range()]).toEqual(runs(naive));
        expect(map.size).toBe(runs(naive).length);
      }),
      { numRuns: 400 },
    );
  });

  it('answers at() and range() as the page array does', () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 30 }), fc.nat(PAGES), fc.nat(PAGES), (steps, a, b) => {
        const map = new RegionMap();
        const naive = empty();
        steps.forEach((step, row) => {
          apply(map, naive, step, row);
        });
        const all = runs(naive);
        const addr = a * PAGE + 17;
        expect(map.at(addr)).toEqual(all.find((run) => run.start <= addr && addr < run.end) ?? null);
        const [from, to] = [Math.min(a, b) * PAGE, Math.max(a, b) * PAGE];
        expect([...map.range(from, to)]).toEqual(all.filter((run) => run.end > from && run.start < to));
      }),
    );
  });

  it('keeps clones apart', () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 30 }), fc.array(op, { maxLength: 30 }), (first, second) => {
        const map = new RegionMap();
        const naive = empty();
        first.forEach((step, row) => {
          apply(map, naive, step, row);
        });
        const copy = map.clone();
        const copyNaive = naive.slice();
        second.forEach((step, row) => {
          apply(row % 2 ? map : copy, row % 2 ? naive : copyNaive, step, 100 + row);
        });
        expect([...map.range()]).toEqual(runs(naive));
        expect([...copy.range()]).toEqual(runs(copyNaive));
      }),
    );
  });

  it('splits chunks: thousands of regions in any order stay sorted', () => {
    const map = new RegionMap();
    const order = Array.from({ length: 5000 }, (_, i) => (i * 1237) % 5000);
    for (const i of order) map.map(i * 2 * PAGE, (i * 2 + 1) * PAGE, 3, 0, i, 0);
    expect(map.size).toBe(5000);
    const starts = [...map.range()].map((span) => span.start);
    expect(starts).toEqual(Array.from({ length: 5000 }, (_, i) => i * 2 * PAGE));
    map.unmap(10 * PAGE, 9000 * PAGE);
    expect(map.size).toBe(5000 - 4495);
    expect(map.at(8999 * PAGE)).toBeNull();
    expect(map.at(9000 * PAGE)?.mapped).toBe(4500);
  });
});
