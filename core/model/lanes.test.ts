import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventLog } from './eventLog.ts';
import { eventRate } from './eventRate.ts';
import { BAND, Lane, LaneIndex } from './laneIndex.ts';
import { eventsOf, laneView, marks, policySpans } from './lanes.ts';
import { onlyRights } from './rights.ts';
import { LogBuilder } from './testing/logBuilder.ts';
import { randomLog } from './testing/randomLog.ts';
import { syntheticSession } from './testing/synthetic.ts';

/** A log of one thread that runs as key 1 and key 2 in turn, `count` times. */
function turns(count: number): EventLog {
  const b = new LogBuilder();
  b.pid = 5;
  b.tid = 5;
  b.row('thread-birth', { rights: onlyRights(1) }, {});
  for (let i = 0; i < count; i++) b.row('crossing', { rights: onlyRights(i % 2 ? 1 : 2), keyAfter: i % 2 ? 1 : 2 });
  b.row('thread-exit', { time: (count + 2) * 1000 });
  return b.log();
}

describe('Lane', () => {
  it('answers masks as a plain OR over its changes', () => {
    const codes = fc.array(fc.constantFrom(0, 1, 2, 5, BAND.held, BAND.open), { minLength: 1, maxLength: 3000 });
    fc.assert(
      fc.property(codes, fc.nat(), fc.nat(), (values, a, b) => {
        const lane = new Lane(1, 1);
        values.forEach((code, row) => {
          lane.change(row, code);
        });
        const from = Math.min(a, b) % lane.changes.length;
        const to = Math.max(from, Math.max(a, b) % lane.changes.length);
        let mask = 0;
        for (let i = from; i <= to; i++) mask |= 1 << lane.code(i);
        expect(lane.mask(from, to)).toBe(mask);
      }),
      { numRuns: 60 },
    );
  });
});

describe('laneView', () => {
  it('is exact when the pixels can hold every change', () => {
    const index = new LaneIndex(turns(3));
    const [lane] = index.lanes();
    if (!lane) throw new Error('no lane');
    const { spans } = laneView(index, lane, { from: 0, to: 10_000 }, 1000);
    expect(spans.map(({ from, to, kind, keys }) => [from, to, kind, ...keys])).toEqual([
      [1000, 2000, 'key', 1],
      [2000, 3000, 'key', 2],
      [3000, 4000, 'key', 1],
      [4000, 5000, 'key', 2],
    ]);
  });

  it('never gives more than the pixels can hold, and never loses a key', () => {
    const index = new LaneIndex(turns(20_000));
    const [lane] = index.lanes();
    if (!lane) throw new Error('no lane');
    const view = laneView(index, lane, { from: 0, to: 20_001_000 }, 300);
    expect(view.spans.length).toBeLessThanOrEqual(301);
    expect(new Set(view.spans.flatMap(({ keys }) => keys))).toEqual(new Set([1, 2]));
    expect(view.spans.some(({ kind }) => kind === 'mixed')).toBe(true);
  });

  it('stays within O(pixels), in order and inside the range, on any log', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.integer({ min: 1, max: 80 }),
        fc.nat(400),
        fc.integer({ min: 1, max: 500 }),
        (seed, width, at, length) => {
          const index = new LaneIndex(randomLog(seed, 400).log());
          const range = { from: at * 1000, to: (at + length) * 1000 };
          for (const lane of index.lanes()) {
            const view = laneView(index, lane, range, width);
            expect(view.spans.length).toBeLessThanOrEqual(width + 1);
            expect(view.tags.length).toBeLessThanOrEqual(width / 8 + 2);
            view.spans.reduce((before, span) => {
              expect(span.from).toBeGreaterThanOrEqual(before);
              expect(span.to).toBeGreaterThan(span.from);
              return span.to;
            }, range.from);
            const counted = view.tags.reduce((sum, mark) => sum + mark.count, 0);
            let tags = 0;
            for (let i = 0; i < index.log.length; i++) {
              const row = index.log.at(i);
              if (row.kind === 'tag' && row.tid === lane.tid && row.time >= range.from && row.time < range.to) tags++;
            }
            expect(counted).toBe(tags);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same whether the log came at once or in parts', () => {
    const b = randomLog(7, 500);
    const whole = new LaneIndex(b.log());
    const log = new EventLog();
    const parts = new LaneIndex(log);
    for (let at = 0; at < b.length; at += 37) {
      log.append(b.batch(at, Math.min(at + 37, b.length)));
      parts.lanes();
    }
    const range = { from: 0, to: 501_000 };
    const all = (index: LaneIndex) => index.lanes().map((lane) => laneView(index, lane, range, 2000));
    expect(all(parts)).toEqual(all(whole));
  });

  it('shows hold, wide-open rights and the fault of the session', () => {
    const index = new LaneIndex(syntheticSession({ story: 'live' }));
    const views = index.lanes().map((lane) => laneView(index, lane, { from: 0, to: 1.3e9 }, 4000));
    expect(views.map((view) => view.tid)).toEqual([4127, 4129, 4130]);
    expect(views[1]?.spans.some((span) => span.held)).toBe(true);
    expect(views[0]?.faults).toHaveLength(1);
    expect(views[0]?.faults[0]).toMatchObject({ from: 214_803_000, count: 1 });
    expect(views[0]?.tags.flatMap((mark) => mark.keys)).toEqual(expect.arrayContaining([0, 1, 2]));
  });
});

describe('policySpans and eventRate', () => {
  it('tell the policies one after the other', () => {
    const spans = policySpans(new LaneIndex(syntheticSession({ story: 'live' })));
    expect(spans.map(({ name }) => name)).toEqual([null, 'slot-only', 'split']);
    expect(spans[1]).toMatchObject({ from: 180_311_000, to: 214_811_000 });
  });

  it('count every event of the range once', () => {
    const log = randomLog(3, 600).log();
    fc.assert(
      fc.property(
        fc.nat(600),
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 1, max: 50 }),
        (from, length, bins) => {
          const range = { from: from * 1000, to: (from + length) * 1000 };
          const rate = eventRate(log, range, bins);
          let expected = 0;
          for (let i = 0; i < log.length; i++) if (log.time(i) >= range.from && log.time(i) < range.to) expected++;
          expect(rate.reduce((sum, bin) => sum + bin.total, 0)).toBe(expected);
        },
      ),
    );
  });
});

describe('tracks', () => {
  const log = syntheticSession({ story: 'live' });
  const index = new LaneIndex(log);
  index.lanes();

  it('hold modules in the order in which they were loaded, tagged and what the program reached', () => {
    const kinds = Array.from({ length: index.loads.length }, (_, i) => log.kind(index.loads.at(i)));
    expect(new Set(kinds)).toEqual(new Set(['module-load', 'mark', 'tag']));
    expect(kinds.slice(0, 2)).toEqual(['module-load', 'module-load']);
    const all = marks(log, index.loads, { from: 0, to: log.time(log.length - 1) + 1 }, 1);
    expect(all.map(({ count }) => count)).toEqual([kinds.length]);
  });

  it('give every event of a thread where they are few, and none where they are many', () => {
    const range = { from: 214_000_000, to: 215_000_000 };
    const rows = eventsOf(log, 4127, range, 1000);
    const plain = Array.from({ length: log.length }, (_, i) => i).filter((row) => {
      const { tid, time } = log.at(row);
      return tid === 4127 && time >= range.from && time <= range.to;
    });
    expect(rows).toEqual(plain);
    expect(plain.length).toBeGreaterThan(2);
    expect(eventsOf(log, 4127, { from: 0, to: 1e9 }, 100)).toBeNull();
  });
});

it('gives the bands of any stretch of changes, however many levels of blocks it spans', () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(2500), fc.nat(2500), (seed, a, b) => {
      const lane = new Lane(1, 1);
      for (let row = 0, code = seed; row < 2501; row++) {
        code = (Math.imul(code, 1664525) + 1013904223) >>> 0;
        lane.change(row, code >>> 28);
      }
      const [from, to] = [Math.min(a, b, lane.changes.length - 1), Math.min(Math.max(a, b), lane.changes.length - 1)];
      let mask = 0;
      for (let i = from; i <= to; i++) mask |= 1 << lane.code(i);
      expect(lane.mask(from, to)).toBe(mask);
    }),
    { numRuns: 50 },
  );
});
