import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, messageOf, UserError } from '../session/errors.ts';
import type { FlagValue } from './usage.ts';

/** A file named on the command line. A word that begins with `-` is the next flag, whose turn it was not. */
export const fileName: FlagValue<string> = {
  allowed: 'the name of a file (one that begins with - is written ./-…)',
  parse: (text) => (text === '' || text.startsWith('-') ? undefined : text),
};

/** Throws before anything runs when a snapshot could not be written in the end: the recording would be lost. */
export function refuseUnwritable(file: string, flag: string): void {
  const folder = dirname(file);
  const refuse = (why: string) => new UserError(`${flag}: ${why}; must be a file that can be written`);
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw refuse(`${file} is a folder`);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    const code = errorCode(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw refuse(`no such folder ${folder}`);
    throw refuse(code === 'EACCES' || code === 'EROFS' ? `${folder} is not writable` : messageOf(thrown));
  }
}
