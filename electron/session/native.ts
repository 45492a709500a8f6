import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Native } from '../../core/contract/engine.ts';
import { causes, columnNames, eventKinds, rules } from '../../core/contract/events.ts';
import { findingClasses } from '../../core/contract/findingClasses.ts';
import { symbolKinds } from '../../core/contract/symbols.ts';
import { messageOf, UserError } from './errors.ts';
import type { AppPaths } from './paths.ts';

const howToBuild = 'bin/start builds it';

/** Loads the engine. An error says what is missing and how to build it. */
export function loadNative(paths: AppPaths): Native {
  for (const file of [paths.addon, paths.helper]) {
    if (!existsSync(file)) throw new UserError(`${file}: the engine is not built; ${howToBuild}`, 1);
  }
  let addon: unknown;
  try {
    addon = createRequire(paths.addon)(paths.addon);
  } catch (thrown) {
    throw new UserError(`${paths.addon}: the engine does not load: ${messageOf(thrown)}; ${howToBuild}`, 1);
  }
  if (!isNative(addon)) throw new UserError(`${paths.addon}: not the engine of this Keyhole; ${howToBuild}`, 1);
  checkNames(addon, paths.addon);
  return addon;
}

const functions = ['launch', 'attach', 'planTls', 'fileSymbols', 'demangled', 'names', 'hasPku'] as const;

const isNative = (value: unknown): value is Native =>
  typeof value === 'object' &&
  value !== null &&
  functions.every((name) => typeof Reflect.get(value, name) === 'function');

/** An engine built from other sources may number its events differently; its log would be read wrongly. */
function checkNames(native: Native, file: string): void {
  const names = native.names();
  const lists = [
    ['kinds', names.kinds, eventKinds],
    ['causes', names.causes, causes],
    ['rules', names.rules, rules],
    ['columns', names.columns, columnNames],
    ['symbols', names.symbols, symbolKinds],
    ['findings', names.findings, findingClasses],
  ] as const;
  for (const [list, theirs, ours] of lists) {
    if (theirs.join() !== ours.join()) {
      throw new UserError(
        `${file}: built from other sources (its ${list} differ from this Keyhole's); ${howToBuild}`,
        1,
      );
    }
  }
}
