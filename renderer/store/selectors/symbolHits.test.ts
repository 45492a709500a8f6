import { expect, test } from 'vitest';
import type { SymbolsFound } from '../../../core/contract/symbols.ts';
import { History } from '../../../core/model/history.ts';
import { syntheticSession } from '../../../core/model/testing/synthetic.ts';
import type { Found } from '../symbolSearch.ts';
import { lastFault } from './focus.ts';
import { symbolHits, symbolNotes, symbolQuery } from './symbolHits.ts';

const log = syntheticSession({ story: 'live' });
const world = new History(log).at(lastFault(log, log.length - 1));
const space = world.main;
if (!space) throw new Error('no process');
const { modules } = space;
const decoder = modules.findIndex(({ short }) => short === 'libdav1d');
const base = Number(modules[decoder]?.facts.base);

const foundOf = (found: SymbolsFound['found'], extra: Partial<SymbolsFound> = {}, text = 'dav1d_open'): Found => ({
  text,
  offset: null,
  modules,
  pid: null,
  answer: { found, count: found.length, unknown: [], ...extra },
});
const open = { name: 'dav1d_open', module: decoder, offset: 0x5100, size: 1504, kind: 'function' } as const;
const openAll = { ...open, name: 'dav1d_open_all', offset: 0x6000 };

test('what is asked for: at least two letters, and no offset from a thread pointer', () => {
  const asked = (query: string) => {
    const found = symbolQuery(query, space, true);
    return found && [found.question.text, found.plus, found.question.modules.length];
  };
  expect(asked('  dav1d_open ')).toEqual(['dav1d_open', null, modules.length]);
  expect(asked('main+0x84')).toEqual(['main', 0x84, modules.length]);
  expect(asked('main+0x')).toEqual(['main+0x', null, modules.length]);
  expect([asked('m'), asked(' '), asked('%fs:0x28')]).toEqual([null, null, null]);
});

test('a name of C++ is shown as its source writes it, and found by what was copied of that', () => {
  const name = '_ZN2v87Isolate3NewERKNS0_12CreateParamsE';
  const created = { ...open, name, written: 'v8::Isolate::New(v8::Isolate::CreateParams const&)' };
  const text = 'v8::Isolate::New';
  expect(symbolHits(space, foundOf([created], {}, text), null)).toMatchObject([
    { text: created.written, symbol: name, what: expect.stringMatching(/^function of libdav1d/) },
  ]);
  const asked = symbolQuery(`${created.written}+0x40`, space, true);
  expect([asked?.question.text, asked?.plus]).toEqual([text, 0x40]);
  expect(symbolHits(space, foundOf([created], {}, text), 0x40)).toMatchObject([{ text: `${created.written}+0x40` }]);
  // What begins with a bracket is none of these.
  expect(symbolQuery('(anonymous namespace)::f(int)', space, true)?.question.text).toBe(
    '(anonymous namespace)::f(int)',
  );
});

test('an address asks its module what holds it, and is told by that; a number elsewhere may be a name', () => {
  const address = `0x${(base + 0x5140).toString(16)}`;
  const asked = symbolQuery(address, space, false);
  expect(asked).toEqual({
    question: { text: address, offset: 0x5140, modules: [modules[decoder]], pid: null },
    plus: null,
  });
  if (!asked) throw new Error('nothing is asked');
  const answer = { found: [{ ...open, module: 0 }], count: 1, unknown: [] };
  const [hit] = symbolHits(space, { ...asked.question, answer }, null);
  expect(hit).toMatchObject({ text: 'dav1d_open+0x40', addr: base + 0x5140 });
  const none: Found = { ...asked.question, answer: { found: [], count: 0, unknown: [] } };
  expect(symbolNotes({ is: 'found', latest: none }, 1)).toEqual([
    'No function or variable that is known of its module holds this address.',
  ]);
  expect(symbolQuery('decade', space, true)?.question).toMatchObject({ text: 'decade', offset: null, pid: space.pid });
});

test('a symbol lies where its module does, and says its module and range', () => {
  const [hit] = symbolHits(space, foundOf([open]), null);
  const [start, end] = [base + 0x5100, base + 0x5100 + 1504].map((n) => `0x${n.toString(16)}`);
  expect(hit).toEqual({
    text: 'dav1d_open',
    what: `function of libdav1d, ${start} to ${end}`,
    pid: space.pid,
    addr: base + 0x5100,
  });
});

test('a variable, a label of no size, a symbol where nothing is mapped any more, the same one twice', () => {
  const hits = symbolHits(
    space,
    foundOf([
      { ...open, name: 'table', kind: 'object' },
      { ...open, name: 'edge', kind: 'label', size: 0 },
      { ...open, name: 'gone', offset: 0x40000000 },
      { ...open, name: 'table', kind: 'object' },
      { ...open, name: 'of no module that was asked about', module: modules.length },
    ]),
    null,
  );
  expect(hits.map(({ text }) => text)).toEqual(['table', 'edge', 'gone']);
  expect(hits[0]?.what).toMatch(/^variable of libdav1d, 0x[0-9a-f]+ to 0x[0-9a-f]+$/);
  expect(hits[1]?.what).toMatch(/^label of libdav1d, 0x[0-9a-f]+$/);
  expect(hits[2]?.what).toMatch(/, not mapped$/);
});

test('a place behind a name lies in the symbols of that very name that are large enough', () => {
  const versioned = { ...open, name: 'dav1d_open@@V_1', offset: 0x9000 };
  const small = { ...open, offset: 0xa000, size: 0x40 };
  const hits = symbolHits(space, foundOf([open, openAll, versioned, small]), 0x40);
  expect(hits.map(({ text, addr }) => [text, addr - base])).toEqual([
    ['dav1d_open+0x40', 0x5140],
    ['dav1d_open@@V_1+0x40', 0x9040],
  ]);
});

test('what a search says: under way, none, some of many, failed, no module', () => {
  const said = (found: Found) => symbolNotes({ is: 'found', latest: found }, modules.length);
  expect(symbolNotes(null, 3)).toEqual([]);
  expect(symbolNotes({ is: 'searching', latest: null }, 1)).toEqual(['Searching the symbols of 1 module…']);
  expect(symbolNotes({ is: 'failed', why: 'the session cannot be reached' }, 3)).toEqual([
    'Symbols: the session cannot be reached.',
  ]);
  expect(said(foundOf([open]))).toEqual([]);
  expect(said(foundOf([]))).toEqual([`No symbol of ${modules.length} modules has that in its name.`]);
  expect(said(foundOf([open], { count: 12345 }))).toEqual(['The best 1 of 12,345 symbols with that in their name.']);
  expect(symbolNotes({ is: 'found', latest: foundOf([]) }, 0)).toEqual([
    'No module is loaded at this instant, so there are no symbols.',
  ]);
});

test('unknown is said, and is never "no match"', () => {
  const unknown = Array.from({ length: modules.length }, (_, module) => ({
    module,
    why: `/lib/${module} is not on this machine`,
  }));
  const all = symbolNotes({ is: 'found', latest: foundOf([], { unknown }) }, modules.length);
  expect(all[0]).toBe(`Symbols of ${modules.length} modules are unknown:`);
  expect(all.slice(1, 4)).toEqual([0, 1, 2].map((n) => `/lib/${n} is not on this machine.`));
  expect(all.at(-1)).toBe(`And ${modules.length - 3} more.`);
  expect(all.join()).not.toContain('No symbol');
  const one = symbolNotes({ is: 'found', latest: foundOf([], { unknown: unknown.slice(0, 1) }) }, modules.length);
  expect(one).toEqual([
    `No symbol of ${modules.length - 1} modules has that in its name.`,
    'Symbols of 1 module are unknown:',
    '/lib/0 is not on this machine.',
  ]);
});
