import { expect, test } from 'vitest';
import { PAGE } from '../../../core/contract/ids.ts';
import { History } from '../../../core/model/history.ts';
import { mapIndexOf } from '../../../core/model/mapIndex.ts';
import {
  ARENA,
  threads as layout,
  moduleFacts,
  modules,
  PID,
  tlsFacts,
} from '../../../core/model/testing/dav1dLayout.ts';
import { LogBuilder } from '../../../core/model/testing/logBuilder.ts';
import { syntheticSession } from '../../../core/model/testing/synthetic.ts';
import { lastFault } from './focus.ts';
import { parseAddress, parseOffset, search } from './search.ts';

const log = syntheticSession({ story: 'live' });
const world = new History(log).at(lastFault(log, log.length - 1));
const find = (query: string) => {
  if (!world.main) throw new Error('no process');
  return search(log, mapIndexOf(world, world.main), query);
};

test('addresses as people paste them', () => {
  expect([parseAddress('0x7f2a1c6e1768'), parseAddress('7F2A1C6E1768'), parseAddress('0x28')]).toEqual([
    0x7f2a1c6e1768, 0x7f2a1c6e1768, 0x28,
  ]);
  expect([parseAddress('heap'), parseAddress('add'), parseAddress('')]).toEqual([null, null, null]);
});

test('finds an address, a module, a thread, a symbol', () => {
  expect(find('0x7f2a1c6e1768')[0]?.addr).toBe(0x7f2a1c6e1768);
  expect(find('libdav1d').some((hit) => hit.text.startsWith('libdav1d'))).toBe(true);
  expect(find('T2')[0]?.tid).toBe(4129);
  expect(find('dav1d_parse')[0]?.addr).toBe(0x7f2a1c1a4c2d);
});

test('finds callers of a fault, and address space that is set aside on a line of other memory', () => {
  expect(find('main+0x')[0]).toMatchObject({ text: 'main+0x84', addr: 0x5593a8c21234 });
  expect(find('reserved').map(({ addr }) => addr)).toContain(ARENA.start);
});

test('finds the memory of a key by its number and by its compartment', () => {
  expect(find('key 2').map(({ text }) => text)).toEqual(find('decoder').map(({ text }) => text));
  expect(find('key 2').some(({ text }) => text.startsWith('libdav1d'))).toBe(true);
  expect(find('key 15')).toEqual([]);
});

test('nothing typed, nothing mapped: no hits', () => {
  expect(find('  ')).toEqual([]);
  expect(find('0x600000000000')).toEqual([]);
});

test('finds what lies at an offset from the thread pointer, thread by thread', () => {
  const offsets = ['%fs:-0x20', 'fs:[0x28]', 'TP+0x28', 'tp', 'fs'].map(parseOffset);
  expect(offsets).toEqual([-0x20, 0x28, 0x28, null, null]);
  const canary = find('%fs:0x28');
  expect(canary.map(({ text }) => text)).toEqual([1, 2, 3].map((n) => `T${n} %fs:0x28: stack-protector canary`));
  expect(canary.map(({ addr }) => addr)).toEqual(layout.map(({ tp }) => tp + 0x28));
  expect(find('%fs:0x7000000')[0]?.text).toContain('nothing named');
});

test('finds a thread-local variable by its name, each thread’s own', () => {
  const [thread] = layout;
  const libc = modules.find(({ name }) => name === 'libc.so.6');
  if (!thread || !libc) throw new Error('no libc');
  const b = new LogBuilder();
  [b.pid, b.tid] = [PID, thread.tid];
  b.row('process-birth', { cause: 'kernel' }, {});
  const block = tlsFacts(thread).blocks.find(({ module }) => module === 'libc.so.6');
  const start = Number(block?.start);
  b.row('map', { start: thread.tp - (thread.tp % PAGE), end: thread.tp - (thread.tp % PAGE) + PAGE, protAfter: 3 });
  const tls = { memsz: 144, filesz: 16, align: 8, symbols: [{ name: 'errno', offset: 0x40, size: 4 }] };
  b.row('module-load', { start: 0x1000, end: 0x2000 }, { ...moduleFacts(libc), tls });
  b.row('tls', { start: thread.tp }, tlsFacts(thread));
  const log = b.log();
  const world = new History(log).at(log.length - 1);
  if (!world.main) throw new Error('no process');
  const hits = search(log, mapIndexOf(world, world.main), 'ERRNO');
  expect(hits).toMatchObject([{ text: 'errno of T1', addr: start + 0x40 }]);
});
