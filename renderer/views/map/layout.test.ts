import { describe, expect, test } from 'vitest';
import { EventLog } from '../../../core/model/eventLog.ts';
import { History } from '../../../core/model/history.ts';
import { orderOf } from '../../../core/model/mapDetail.ts';
import { mapIndexOf } from '../../../core/model/mapIndex.ts';
import { Crowd } from '../../../core/model/testing/crowd.ts';
import { LogBuilder } from '../../../core/model/testing/logBuilder.ts';
import { syntheticSession } from '../../../core/model/testing/synthetic.ts';
import { FlowLayout, LINE, LineLayout, layoutOf } from './layout.ts';
import { fillCells, gutterNames } from './paintCells.ts';
import { steppedFrom } from './steps.ts';

const indexed = (log: EventLog, at = log.length - 1) => {
  const world = new History(log).at(at);
  if (!world.main) throw new Error('no process');
  return mapIndexOf(world, world.main);
};
const session = syntheticSession({ story: 'live' });
const alive = Array.from({ length: session.length }, (_, i) => session.kind(i)).indexOf('thread-exit') - 1;
const index = indexed(session, alive);
const order = orderOf(index, false, null);
const crowdLog = new EventLog();
crowdLog.append(new Crowd({ threads: 10, regions: 800, pages: 60_000, step: 1000 }).batch(3000));
const crowd = indexed(crowdLog);

const TCB = 0x7f2a1c6e1000;
const middleOf = (box: { x: number; y: number; width: number; height: number } | null): [number, number] => {
  if (!box) throw new Error('not shown');
  return [box.x + box.width / 2, box.y + box.height / 2];
};

describe('a layout finds the page under a point, and the point of a page', () => {
  for (const zoom of ['strip', 'cells', 'letters'] as const) {
    test(zoom, () => {
      for (const byOwner of [false, true]) {
        const lines = orderOf(crowd, byOwner, null);
        const layout = layoutOf(crowd, lines, zoom, 700, 500, -1);
        for (const region of crowd.space.regions) {
          const page = region.start;
          const [x, y] = middleOf(layout.boxOf(page));
          expect(layout.addressAt(x, y)).toBe(page);
          expect(y).toBeLessThan(layout.height);
        }
      }
    });
  }

  test('whole: everything fits, and the first page of a cell answers for it', () => {
    const lines = orderOf(crowd, false, null);
    const layout = layoutOf(crowd, lines, 'whole', 500, 200, -1);
    if (!(layout instanceof FlowLayout)) throw new Error('not a flow');
    expect(layout.height).toBeLessThanOrEqual(200);
    expect(layout.perCell).toBeGreaterThan(1);
    const last = crowd.space.regions.at(-1)?.start ?? 0;
    const found = layout.addressAt(...middleOf(layout.boxOf(last)));
    expect(found).toBeLessThanOrEqual(last);
    expect(layout.boxOf(found)).toEqual(layout.boxOf(last));
  });

  test('beside the cells there is no page', () => {
    for (const zoom of ['strip', 'cells'] as const) {
      const layout = layoutOf(index, order, zoom, 700, 500, -1);
      expect(layout.addressAt(3, 30)).toBe(-1);
      expect(layout.boxOf(0x1000)).toBeNull();
    }
  });
});

describe('lines', () => {
  test('holes and owners take their room, the selected line is magnified', () => {
    const at = [...order.lines].indexOf(index.at(TCB));
    const plain = new LineLayout(index, order, 'lines', 820, -1);
    const with60 = new LineLayout(index, order, 'lines', 820, at);
    expect(with60.height - plain.height).toBe(60);
    expect(plain.length).toBe(index.length);
    for (let k = 0; k < plain.length; k++) {
      expect(plain.at(plain.textTop(k) + 1)).toBe(k);
      expect(plain.top(k + 1) - plain.textTop(k)).toBe(LINE);
    }
    expect([...Array(plain.length).keys()].filter((k) => plain.hasGap(k)).length).toBeGreaterThanOrEqual(2);
  });

  test('a huge reservation is one folded line at every zoom', () => {
    const b = new LogBuilder();
    b.pid = b.tid = 7;
    b.row('process-birth', {}, {});
    b.row('thread-birth', {}, {});
    b.row('map', { start: 0x10000000, end: 0x10004000, protAfter: 3, keyAfter: 0 }, { name: '' });
    b.row('map', { start: 0x10004000, end: 0x100_0000_0000, protAfter: 0, keyAfter: 0 }, { name: '' });
    const reserved = indexed(b.log());
    expect([reserved.length, reserved.reserved(0), reserved.reserved(1)]).toEqual([2, false, true]);
    const layout = new LineLayout(reserved, orderOf(reserved, false, null), 'letters', 820, -1);
    expect(layout.height).toBeLessThan(100);
  });
});

describe('keys', () => {
  const marks = (line: number) => [index.start(line), index.start(line) + 8 * 4096];
  const step = (zoom: 'strip' | 'lines' | 'cells', from: number, key: string) =>
    steppedFrom(index, order, layoutOf(index, order, zoom, 820, 500, -1), from, key, marks);

  test('arrows walk by page, by line and over the edge of a line', () => {
    expect(step('strip', TCB, 'ArrowRight')).toBe(TCB + 4096);
    expect(step('cells', TCB, 'ArrowLeft')).toBe(TCB - 4096);
    const line = index.at(TCB);
    expect(step('lines', TCB, 'ArrowDown')).toBe(index.start(line + 1));
    expect(step('lines', index.start(line), 'ArrowUp')).toBe(index.start(line - 1));
    expect(step('lines', index.start(line), 'ArrowRight')).toBe(index.start(line) + 8 * 4096);
    expect(step('cells', index.start(0), 'ArrowLeft')).toBe(index.start(0));
  });

  test('brackets go to the next owner and back to the first page of the one before', () => {
    const decoder = index.start(index.at(0x7f2a1c180000));
    const next = step('lines', decoder, ']');
    expect(index.label(index.at(next ?? 0)).owner).toBe('libia2');
    expect(step('lines', next ?? 0, '[')).toBe(decoder);
    expect(step('lines', TCB, 'x')).toBeNull();
  });
});

describe('cells', () => {
  test('are squares of whole pixels; nothing is drawn where nothing is', () => {
    const out = new Uint32Array(8 * 8);
    fillCells(out, 8, Uint8Array.of(1, 0, 2, 1), Uint32Array.of(9, 11, 22), 2, 4, 3);
    const row = (y: number) => [...out.subarray(y * 8, y * 8 + 8)];
    expect(row(0)).toEqual([11, 11, 11, 0, 0, 0, 0, 0]);
    expect(row(3)).toEqual(new Array(8).fill(0));
    expect(row(5)).toEqual([22, 22, 22, 0, 11, 11, 11, 0]);
  });

  test('the gutter names whose most of each stretch is', () => {
    const lines = orderOf(crowd, true, null);
    const layout = new FlowLayout(crowd, lines, 'strip', 700, 500);
    const names = gutterNames(crowd, lines, layout, 0, 40);
    expect(names.length).toBe(10);
    for (const { row } of names) expect(row % 4).toBe(0);
    const labels = new Set([...lines.lines].map((line) => crowd.label(line).owner || crowd.label(line).text));
    for (const { owner } of names) expect(labels.has(owner)).toBe(true);
  });
});
