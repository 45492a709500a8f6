/** Functions and variables of whole modules, looked for in their files: at the places where the program has them. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { ModuleFacts } from '../../core/contract/details.ts';
import type { SymbolsFound } from '../../core/contract/symbols.ts';
import type { EventLog } from '../../core/model/eventLog.ts';
import { SymbolFiles } from '../../electron/session/symbol-files.ts';
import { tempFolder } from '../../electron/session/testing/scene.ts';
import { Host } from './host.ts';
import { record, recordFile, root } from './record.ts';

const program = (name: string): string => join(root, 'build/targets', name);
const modulesOf = (log: EventLog): ModuleFacts[] =>
  [...Array(log.length).keys()].flatMap((row) => log.facts(row, 'module-load') ?? []);

beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});

/** What is found in a recording's modules, with the addresses that these had. */
async function found(log: EventLog, text: string): Promise<SymbolsFound & { addresses: number[] }> {
  const modules = modulesOf(log);
  const answer = await new SymbolFiles(new Host(root).native).search(
    text,
    modules.map(({ path, buildId }) => ({ path, buildId })),
  );
  const addresses = answer.found.map(({ module, offset }) => Number(modules[module]?.base) + offset);
  return { ...answer, addresses };
}

it('a function lies where the callers of a fault say that it does, in the program and in libc', async () => {
  const { log } = record({ program: program('tag_and_read'), policy: 'observe' });
  const row = [...Array(log.length).keys()].find((each) => log.facts(each, 'fault'));
  const frames = (row === undefined ? null : log.facts(row, 'fault')?.backtrace) ?? [];
  const named = frames.flatMap(({ address, symbol }) => {
    const [, name, offset] = /^(.+)\+(0x[0-9a-f]+)$/.exec(symbol ?? '') ?? [];
    return name === undefined ? [] : [{ name, start: Number(address) - Number(offset) }];
  });
  expect(named.map(({ name }) => name)).toContain('main');
  expect(named.length).toBeGreaterThan(2);
  for (const { name, start } of named) {
    const answer = await found(log, name);
    expect(answer.addresses, name).toContain(start);
    expect(answer.unknown).toEqual([]);
    const at = answer.found[answer.addresses.indexOf(start)];
    const module = modulesOf(log)[at?.module ?? -1];
    const holder = new SymbolFiles(new Host(root).native).at(BigInt((at?.offset ?? 0) + 1), {
      path: module?.path ?? '',
      buildId: module?.buildId ?? null,
    });
    expect(holder.found[0]?.offset, name).toBe(at?.offset);
  }
  expect((await found(log, 'malloc')).found[0]).toMatchObject({ name: 'malloc', kind: 'function' });
});

it('a variable of a module of fixed addresses', async () => {
  const { log } = record({ program: program('static_program'), policy: 'observe' });
  const { found: symbols, addresses } = await found(log, 'environ');
  expect(symbols[0]).toMatchObject({ kind: 'object', size: 8 });
  const [module] = modulesOf(log);
  const within = module?.segments.some(
    ({ start, end }) => Number(start) <= (addresses[0] ?? 0) && (addresses[0] ?? 0) < Number(end),
  );
  expect([module?.base, within]).toEqual(['0x0', true]);
});

it('a stripped program has no main; one that was replaced or taken away since has no known symbols', async () => {
  const folder = tempFolder();
  const copy = join(folder, 'copy');
  copyFileSync(program('exit_code'), copy);
  execFileSync('strip', [copy]);
  const { log } = record({ program: copy, policy: 'observe' });
  const stripped = await found(log, 'main');
  expect(stripped.unknown).toEqual([]);
  expect(stripped.found.filter(({ name, module }) => module === 0 && name === 'main')).toEqual([]);

  rmSync(copy);
  copyFileSync(program('tag_and_read'), copy);
  const replaced = await found(log, 'main');
  expect(replaced.found.filter(({ module }) => module === 0)).toEqual([]);
  expect(replaced.unknown).toEqual([{ module: 0, why: expect.stringMatching(/copy: is of another build/) }]);

  rmSync(copy);
  expect((await found(log, 'main')).unknown).toEqual([{ module: 0, why: `${copy} is not on this machine` }]);
});

it('functions of a library that is stripped, by what it exports', async () => {
  const { log } = recordFile(join(root, 'examples/dav1d-split/split.json'));
  const answer = await found(log, 'dav1d_open');
  const modules = modulesOf(log);
  expect(answer.found[0]).toMatchObject({ name: 'dav1d_open', kind: 'function' });
  expect(modules[answer.found[0]?.module ?? -1]?.name).toMatch(/^libdav1d/);
  expect(answer.unknown).toEqual([]);
});
