import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { FileSymbols } from '../../core/contract/engine.ts';
import { MOST_SYMBOLS } from '../../core/contract/symbols.ts';
import { SymbolFiles } from './symbol-files.ts';
import { FakeNative } from './testing/fake-native.ts';
import { tempFolder } from './testing/scene.ts';

/** A file's symbols at 0x1000, 0x1010, …, each of 16 bytes. */
const fileOf = (names: readonly string[], complete = true): FileSymbols => ({
  names: names.map((name) => `${name}\0`).join(''),
  start: BigUint64Array.from(names, (_, i) => BigInt(0x1000 + 0x10 * i)),
  size: BigUint64Array.from(names, () => 16n),
  kind: Uint8Array.from(names, (_, i) => i % 3),
  complete,
});

function filesOf(files: Readonly<Record<string, FileSymbols>>) {
  const native = new FakeNative();
  for (const [path, file] of Object.entries(files)) native.files.set(path, file);
  const symbols = new SymbolFiles(native);
  const modules = Object.keys(files).map((path) => ({ path, buildId: 'aa' }));
  const named = async (text: string): Promise<string[]> =>
    (await symbols.search(text, modules)).found.map(({ name }) => name);
  return { native, symbols, modules, named };
}

describe('symbols of files', () => {
  test('the very name first, then what begins with it, then what holds it; shorter before longer', async () => {
    const { named } = filesOf({
      '/a': fileOf(['dav1d_open_all', 'my_dav1d_open', 'xdav1d_open']),
      '/b': fileOf(['DAV1D_OPEN_2', 'dav1d_open', 'dav1d_close', 'dav1d_open@@V_1']),
    });
    expect(await named('dav1d_open')).toEqual([
      'dav1d_open',
      'dav1d_open@@V_1',
      'DAV1D_OPEN_2',
      'dav1d_open_all',
      'xdav1d_open',
      'my_dav1d_open',
    ]);
    expect(await named('no such name')).toEqual([]);
  });

  test('a match says its module, place, size and kind', async () => {
    const { symbols, modules } = filesOf({ '/a': fileOf(['one']), '/b': fileOf(['zero', 'two']) });
    expect(await symbols.search('TWO', modules)).toEqual({
      found: [{ name: 'two', module: 1, offset: 0x1010, size: 16, kind: 'object' }],
      count: 1,
      unknown: [],
    });
  });

  test('letters of a pattern are letters, and no match reaches into the next name', async () => {
    const { named } = filesOf({ '/a': fileOf(['a.b', 'aXb', '_Z(x)', 'İstanbul', 'end']) });
    expect(await named('a.b')).toEqual(['a.b']);
    expect(await named('z(X)')).toEqual(['_Z(x)']);
    expect(await named('stan')).toEqual(['İstanbul']);
    expect(await named('END')).toEqual(['end']);
  });

  test('parts of a C++ or Rust name are found in the mangled one', async () => {
    const names = [
      '_ZN2v87Isolate3NewEv',
      '_ZN2v87IsolateC1Ev',
      '_ZSt4cout',
      '_ZN4core3fmt5Write9write_fmtE',
      'v8_Isolate',
    ];
    const { named } = filesOf({ '/a': fileOf(names) });
    expect(await named('v8::Isolate::new')).toEqual(['_ZN2v87Isolate3NewEv']);
    expect(await named('v8::Isolate')).toEqual(['_ZN2v87IsolateC1Ev', '_ZN2v87Isolate3NewEv']);
    expect(await named('Isolate::')).toEqual(await named('Isolate'));
    expect(await named('std::cout')).toEqual(['_ZSt4cout']);
    expect(await named('fmt::write')).toEqual(['_ZN4core3fmt5Write9write_fmtE']);
    const templates = ['_ZN5store3BoxIiE4holdEi', '_ZN5store3BoxISsE4openEv', '_ZStlsIcE1a', 'a<b'];
    const { named: holds } = filesOf({ '/a': fileOf(templates) });
    expect(await holds('store::Box<int>::hold')).toEqual(['_ZN5store3BoxIiE4holdEi']);
    expect(await holds('Box<std::vector<int>>')).toEqual(['_ZN5store3BoxIiE4holdEi', '_ZN5store3BoxISsE4openEv']);
    expect(await holds('a<')).toEqual(['a<b']);
  });

  test('only what is told is demangled, and both names are told', async () => {
    const { native, symbols, modules } = filesOf({ '/a': fileOf(['_ZN2v87Isolate3NewEv', '_ZN2v87IsolateC1Ev']) });
    const asked = vi.spyOn(native, 'demangled');
    expect((await symbols.search('Isolate3New', modules)).found).toMatchObject([
      { name: '_ZN2v87Isolate3NewEv', written: 'v8::Isolate::New()' },
    ]);
    expect(asked).toHaveBeenCalledTimes(1);
    const [other] = (await symbols.search('IsolateC1', modules)).found;
    expect(other).not.toHaveProperty('written');
  });

  test('no text takes long, whatever the names are', async () => {
    const { named } = filesOf({ '/a': fileOf(['1'.repeat(4096), `${'a1'.repeat(2000)}!`, '::']) });
    for (const text of ['1::'.repeat(60), 'a::'.repeat(60), '::'.repeat(90), 'a1::'.repeat(50)]) {
      const begin = performance.now();
      await named(`${text}x`);
      await named(text);
      expect(performance.now() - begin, text).toBeLessThan(5000);
    }
    expect(await named('::')).toEqual(['::']);
  });

  test('of many, the best few and how many there are', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => `symbol_${i}`);
    const { symbols, modules } = filesOf({ '/a': fileOf([...many, 'symbol']) });
    const { found, count } = await symbols.search('symbol', modules);
    expect([found.length, count]).toEqual([MOST_SYMBOLS, 5001]);
    expect(found.slice(0, 3).map(({ name }) => name)).toEqual(['symbol', 'symbol_0', 'symbol_1']);
  });

  test('what is not known is said with its reason, beside what was found', async () => {
    const file = join(tempFolder(), 'other');
    writeFileSync(file, 'no module');
    const { symbols } = filesOf({ '/a': fileOf(['malloc'], false) });
    const answer = await symbols.search('malloc', [
      { path: '/nowhere/lib.so', buildId: 'bb' },
      { path: file, buildId: 'cc' },
      { path: file, buildId: null },
      { path: '/a', buildId: 'aa' },
    ]);
    expect(answer.found).toMatchObject([{ name: 'malloc', module: 3 }]);
    expect(answer.unknown).toEqual([
      { module: 0, why: '/nowhere/lib.so is not on this machine' },
      { module: 1, why: `${file}: not an ELF file` },
      { module: 2, why: `${file} has no build id: nobody can say whether it is still the file that was loaded` },
      { module: 3, why: '/a has more symbols than are searched' },
    ]);
  });

  test('a file without a build id is known while the process has that very file mapped', async () => {
    const own = realpathSync(process.execPath);
    const { native, symbols } = filesOf({ [own]: fileOf(['main']) });
    const modules = [{ path: own, buildId: null }];
    expect((await symbols.search('main', modules)).unknown).toHaveLength(1);
    expect((await symbols.search('main', modules, 0x7fffffff)).unknown).toHaveLength(1);
    expect((await symbols.search('main', modules, process.pid)).found).toMatchObject([{ name: 'main' }]);
    expect(symbols.at(0x1001n, { path: own, buildId: null }, process.pid).count).toBe(1);
    expect(native.filesRead).toEqual([own]);
  });

  test('what holds an address: the innermost, and of two names of one place the shorter', async () => {
    const names = ['outer', 'inner', 'alias_of_inner', 'edge', 'far'];
    const file: FileSymbols = {
      ...fileOf(names),
      start: BigUint64Array.of(0x1000n, 0x1100n, 0x1100n, 0x1200n, 0x9000n),
      size: BigUint64Array.of(0x800n, 0x40n, 0x40n, 0n, 0x10n),
    };
    const { symbols } = filesOf({ '/a': file });
    const at = (address: bigint) => symbols.at(address, { path: '/a', buildId: 'aa' }).found.map(({ name }) => name);
    expect([0x1000n, 0x110fn, 0x1140n, 0x1200n, 0x1201n, 0x900fn].map(at)).toEqual(
      ['outer', 'inner', 'outer', 'edge', 'outer', 'far'].map((name) => [name]),
    );
    expect([at(0xfffn), at(0x9010n)]).toEqual([[], []]);
    expect(symbols.at(0x1000n, { path: '/b', buildId: 'aa' })).toEqual({
      found: [],
      count: 0,
      unknown: [{ module: 0, why: '/b is not on this machine' }],
    });
  });

  test('a file is read once, however often it is searched', async () => {
    const { native, named } = filesOf({ '/a': fileOf(['malloc']) });
    await named('mal');
    await named('malloc');
    expect(native.filesRead).toEqual(['/a']);
  });
});
