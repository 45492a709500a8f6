import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { causes, columnNames, eventKinds, rules } from '../../core/contract/events.ts';
import { findingClasses } from '../../core/contract/findingClasses.ts';
import { symbolKinds } from '../../core/contract/symbols.ts';
import { UserError } from './errors.ts';
import { loadNative } from './native.ts';
import { type AppPaths, appPaths, findRoot } from './paths.ts';
import { repository, tempFolder, testPaths } from './testing/scene.ts';

/** Paths to a made-up addon; `source` is what its module exports, null where there is none. */
function pathsTo(source: string | null): AppPaths {
  const folder = tempFolder();
  const addon = join(folder, 'keyhole.cjs');
  const helper = join(folder, 'keyhole-launch');
  writeFileSync(helper, '');
  if (source !== null) writeFileSync(addon, source);
  return { ...testPaths, addon, helper };
}

const lists = {
  kinds: eventKinds,
  causes,
  rules,
  columns: columnNames,
  symbols: symbolKinds,
  findings: findingClasses,
};
const addonOf = (names: object): string =>
  `module.exports = { launch() {}, attach() {}, planTls() {}, fileSymbols() {}, demangled() {}, hasPku() { return false }, names: () => (${JSON.stringify(names)}) }`;

function errorOf(paths: AppPaths): string {
  try {
    loadNative(paths);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(UserError);
    return (thrown as UserError).message.replace(paths.addon, 'ADDON').replace(paths.helper, 'HELPER');
  }
  return 'loaded';
}

describe('loading the engine', () => {
  test('an addon with our names is taken', () => {
    expect(errorOf(pathsTo(addonOf(lists)))).toBe('loaded');
  });

  test('what is missing is named, and how to build it', () => {
    expect(errorOf(pathsTo(null))).toBe('ADDON: the engine is not built; bin/start builds it');
    const paths = { ...pathsTo(addonOf(lists)), helper: '/nowhere/keyhole-launch' };
    expect(errorOf(paths)).toBe('HELPER: the engine is not built; bin/start builds it');
  });

  test('an addon that does not load, or is none of ours', () => {
    expect(errorOf(pathsTo('throw new Error("wrong\\nABI")'))).toBe(
      'ADDON: the engine does not load: wrong ABI; bin/start builds it',
    );
    expect(errorOf(pathsTo('module.exports = { launch() {} }'))).toBe(
      'ADDON: not the engine of this Keyhole; bin/start builds it',
    );
  });

  test.each(['kinds', 'causes', 'rules', 'columns', 'symbols', 'findings'] as const)(
    'an addon whose %s are numbered otherwise is refused',
    (list) => {
      const other = { ...lists, [list]: [...lists[list]].reverse() };
      expect(errorOf(pathsTo(addonOf(other)))).toBe(
        `ADDON: built from other sources (its ${list} differ from this Keyhole's); bin/start builds it`,
      );
    },
  );
});

describe('where the parts lie', () => {
  test('in a checkout', () => {
    expect(findRoot(join(repository, 'electron/session'))).toBe(repository);
    expect(appPaths(repository)).toMatchObject({
      addon: join(repository, 'build/native/keyhole.node'),
      renderer: join(repository, 'dist/renderer'),
      examples: join(repository, 'examples'),
    });
  });

  test('in a package: what the kernel executes lies beside the archive', () => {
    const archive = join(tempFolder(), 'app.asar');
    mkdirSync(archive);
    writeFileSync(join(archive, 'package.json'), '{"name": "keyhole", "version": "9.9.9"}');
    expect(appPaths(archive)).toMatchObject({
      version: '9.9.9',
      addon: join(archive, '../native/keyhole.node'),
      helper: join(archive, '../native/keyhole-launch'),
      preload: join(archive, 'dist/electron/preload.cjs'),
      examples: join(archive, '../examples'),
    });
  });

  test('outside of any Keyhole', () => {
    const folder = tempFolder();
    expect(() => findRoot(folder)).toThrow(`${folder}: not inside a Keyhole folder`);
  });
});
