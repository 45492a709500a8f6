import { expect, test } from 'vitest';
import type { Command } from '../../core/contract/commands.ts';
import { asPid } from '../../core/contract/ids.ts';
import type { SymbolsFound } from '../../core/contract/symbols.ts';
import type { Module } from '../../core/model/space.ts';
import { SymbolSearch } from './symbolSearch.ts';

const module = (path: string): Module => ({ path, facts: { buildId: 'aa' } }) as Module;
const modules = [module('/bin/a'), module('/lib/b.so')];
const none: SymbolsFound = { found: [], count: 0, unknown: [] };
const foundIn = (name: string): SymbolsFound => ({
  found: [{ name, module: 1, offset: 0x1000, size: 4, kind: 'function' }],
  count: 1,
  unknown: [],
});

/** A session that answers when the test says so. */
function searching() {
  const asked: { command: Command; answer: (value: unknown) => void; refuse: (error: Error) => void }[] = [];
  const search = new SymbolSearch(
    (command) => new Promise((answer, refuse) => asked.push({ command, answer, refuse })),
  );
  const seen: (string | null)[] = [];
  search.subscribe(() => seen.push(search.answer?.is ?? null));
  const texts = () => asked.map(({ command }) => (command.do === 'symbols' ? command.text : command.do));
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { search, asked, seen, texts, settle };
}

test('asks for the text in the modules by path and build id, and tells what was found', async () => {
  const { search, asked, seen, settle } = searching();
  expect(search.answer).toBeNull();
  search.ask({ text: 'open', offset: null, modules, pid: null });
  expect(asked.map(({ command }) => command)).toEqual([
    {
      do: 'symbols',
      text: 'open',
      modules: [
        { path: '/bin/a', buildId: 'aa' },
        { path: '/lib/b.so', buildId: 'aa' },
      ],
    },
  ]);
  asked[0]?.answer(foundIn('open'));
  await settle();
  expect(search.answer).toEqual({
    is: 'found',
    latest: { text: 'open', offset: null, modules, pid: null, answer: foundIn('open') },
  });
  expect(seen).toEqual(['searching', 'found']);
});

test('an address is asked of the one module that it lies in', async () => {
  const { search, asked } = searching();
  search.ask({ text: '0x7f0000001010', offset: 0x1010, modules: modules.slice(1), pid: asPid(7) });
  expect(asked[0]?.command).toEqual({
    do: 'symbol-at',
    module: { path: '/lib/b.so', buildId: 'aa' },
    offset: '0x1010',
    pid: 7,
  });
});

test('the same question again is none, though the list of modules was made anew', async () => {
  const { search, asked, texts, settle } = searching();
  search.ask({ text: 'open', offset: null, modules, pid: null });
  asked[0]?.answer(none);
  await settle();
  search.ask({ text: 'open', offset: null, modules: [...modules], pid: null });
  expect([texts(), search.answer?.is]).toEqual([['open'], 'found']);
});

test('one question at a time: what is asked meanwhile supersedes what was, and an old answer is never shown', async () => {
  const { search, asked, texts, seen, settle } = searching();
  for (const text of ['o', 'op', 'ope']) search.ask({ text, offset: null, modules, pid: null });
  expect(texts()).toEqual(['o']);
  asked[0]?.answer(foundIn('o'));
  await settle();
  expect([texts(), search.answer]).toEqual([['o', 'ope'], { is: 'searching', latest: null }]);
  asked[1]?.answer(foundIn('ope'));
  await settle();
  expect(search.answer).toMatchObject({ is: 'found', latest: { text: 'ope' } });
  expect(seen).not.toContain('failed');
});

test('nothing asked any more: the answer that was under way is dropped, and the next question is asked', async () => {
  const { search, asked, texts, settle } = searching();
  search.ask({ text: 'open', offset: null, modules, pid: null });
  search.ask(null);
  expect(search.answer).toBeNull();
  asked[0]?.answer(foundIn('open'));
  await settle();
  expect(search.answer).toBeNull();
  search.ask({ text: 'close', offset: null, modules, pid: null });
  expect(texts()).toEqual(['open', 'close']);
});

test('a module more: what is known stays while it is looked at', async () => {
  const { search, asked, settle } = searching();
  search.ask({ text: 'open', offset: null, modules, pid: null });
  asked[0]?.answer(foundIn('open'));
  await settle();
  search.ask({ text: 'open', offset: null, modules: [...modules, module('/lib/c.so')], pid: null });
  expect(search.answer).toMatchObject({ is: 'searching', latest: { modules, pid: null, answer: foundIn('open') } });
});

test('a refusal, and an answer that is none, are told in words; the next question is asked all the same', async () => {
  const { search, asked, texts, settle } = searching();
  search.ask({ text: 'open', offset: null, modules, pid: null });
  asked[0]?.refuse(new Error('the session cannot be reached'));
  await settle();
  expect(search.answer).toEqual({ is: 'failed', why: 'the session cannot be reached' });
  search.ask({ text: 'close', offset: null, modules, pid: null });
  asked[1]?.answer('nonsense');
  await settle();
  expect(search.answer?.is).toBe('failed');
  search.ask({ text: 'read', offset: null, modules, pid: null });
  expect(texts()).toEqual(['open', 'close', 'read']);
});
