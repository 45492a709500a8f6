import { expect, test } from 'vitest';
import type { EventLog } from '../../../core/model/eventLog.ts';
import { History } from '../../../core/model/history.ts';
import { mapIndexOf } from '../../../core/model/mapIndex.ts';
import { LogBuilder } from '../../../core/model/testing/logBuilder.ts';
import { syntheticSession } from '../../../core/model/testing/synthetic.ts';
import { colourings } from '../../store/mapView.ts';
import type { Inks } from '../../widgets/canvas.tsx';
import { changesOf, looksOf, mix, type PageNumbers, pixel } from './looks.ts';

const grey = '#808080';
const inks: Inks = {
  ...{ panel: '#101010', ink: '#f0f0f0', ink2: grey, ink3: grey, line: grey, line2: grey, edge: grey },
  ...{ denied: grey, inverse: grey, selected: grey },
};
const log: EventLog = syntheticSession({ story: 'live' });
const world = new History(log).at(Math.floor(log.length / 2));
if (!world.main) throw new Error('no process');
const index = mapIndexOf(world, world.main);
const words = (colouring: (typeof colourings)[number], page: Partial<PageNumbers>, now = 0): string | undefined => {
  const looks = looksOf(colouring, inks, { time: (row) => row, now, protectedAge: () => 0 });
  const all = { prot: 3, key: 0, mapped: 0, tagged: -1, label: index.label(0), start: 0, end: 4096, ...page };
  return looks.list[looks.of(all)]?.words;
};

test('every page of a session has a look in every colouring', () => {
  for (const colouring of colourings) {
    const looks = looksOf(colouring, inks, changesOf(log, index.space.pid, world.index, world.time));
    for (let i = 0; i < index.length; i++) {
      index.visit(i, (start, end, prot, key, mapped, tagged) => {
        expect(looks.list[looks.of({ prot, key, mapped, tagged, label: index.label(i), start, end })]).toBeDefined();
      });
    }
  }
});

test('an unknown key or protection is its own look and never key 0', () => {
  expect([words('key', { key: -1 }), words('key', { key: 0 })]).toEqual(['key unknown', 'key 0']);
  expect(words('protection', { prot: 255 })).toBe('protection unknown');
});

test('a page that can be written and executed is not one that can be written', () => {
  expect([
    words('protection', { prot: 7 }),
    words('protection', { prot: 3 }),
    words('protection', { prot: 5 }),
  ]).toEqual(['write and execute', 'read, write', 'read, execute']);
});

test('a change is told by its age', () => {
  expect(words('change', { mapped: 0, tagged: 900_000 }, 1_000_000)).toBe('under 1 ms ago');
  expect(words('change', { mapped: 0 }, 2e9)).toBe('under 10 s ago');
});

test('another protection is a change as a tag is', () => {
  const b = new LogBuilder();
  const page = { start: 0x10000, end: 0x11000 };
  b.row('map', { ...page, end: 0x12000, protAfter: 3, keyAfter: 0 }, { name: '' });
  b.row('protect', { ...page, protAfter: 1, time: 5e9 });
  const built = b.log();
  const { protectedAge } = changesOf(built, b.pid, 1, 5e9 + 5e5);
  const list = looksOf('change', inks).list.map((look) => look.words);
  expect(list[protectedAge(0x10000, 0x11000)]).toBe('under 1 ms ago');
  expect(list[protectedAge(0x11000, 0x12000)]).toBe('over 10 s ago');
  // Before the row nothing had changed.
  expect(changesOf(built, b.pid, 0, 5e9).protectedAge(0x10000, 0x11000)).toBe(0);
});

test('colours as pixels', () => {
  expect(pixel('#010203')).toBe(0xff030201);
  expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
});
