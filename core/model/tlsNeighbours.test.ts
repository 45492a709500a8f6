import { expect, test } from 'vitest';
import type { TlsFacts } from '../contract/details.ts';
import { History } from './history.ts';
import { syntheticSession } from './testing/synthetic.ts';
import { tlsNeighbours } from './tlsNeighbours.ts';
import type { Thread } from './world.ts';

const log = syntheticSession({ story: 'live' });
const world = new History(log).at(log.length - 200);
const [thread] = world.mainPid === null ? [] : world.threadsOf(world.mainPid);
if (!thread) throw new Error('no thread');

const TP = 0x10000;
const blocks = (...of: readonly (readonly [module: string, start: number, memsz: number])[]): Thread => {
  const tls: TlsFacts = {
    ...{ tp: `0x${TP.toString(16)}`, dtv: null, descriptor: null, rseq: null, slot: null },
    blocks: of.map(([module, start, memsz]) => ({
      module,
      key: null,
      start: `0x${start.toString(16)}`,
      memsz,
      static: true,
    })),
  };
  return { ...thread, tls };
};

test('a block that ends where the TCB begins is alone, one that ends on its page is not', () => {
  expect(tlsNeighbours([blocks(['a', TP - 0x1000, 0x1000])], 'a')).toEqual([]);
  const unaligned = blocks(['a', TP - 0x90, 0x90]);
  expect(tlsNeighbours([unaligned], 'a')).toEqual([]);
  const onPage = blocks(['a', TP + 0x500, 0x90]);
  expect(tlsNeighbours([onPage], 'a')).toEqual(['TCB']);
});

test('two blocks on one page are each other’s neighbours, in whichever thread it is', () => {
  const apart = blocks(['a', TP - 0x3000, 0x1000], ['b', TP - 0x2000, 0x1000]);
  const together = blocks(['a', TP - 0x3000, 0x1010], ['b', TP - 0x1100, 0x100]);
  expect(tlsNeighbours([apart], 'a')).toEqual([]);
  expect(tlsNeighbours([apart, together], 'a')).toEqual(['TLS of b']);
  expect(tlsNeighbours([together], 'b')).toEqual(['TLS of a']);
});

test('unknown is not alone', () => {
  expect(tlsNeighbours([{ ...thread, tls: null }], 'a')).toBeNull();
  expect(tlsNeighbours([blocks(['a', TP - 0x1000, 0x1000])], 'c')).toBeNull();
});
