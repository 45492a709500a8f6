import { visible } from '../../core/model/visible.ts';

/** ESC and what else a terminal takes as a command (ECMA-48: C0, DEL, C1). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f]/g;

/** One line of text for a terminal: a program's names say what they are, and command nothing. */
export const printable = (text: string): string =>
  visible(text).replace(controls, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Facts (plain JSON data) with every text in them printable. */
export function printableFacts<T>(facts: T): T {
  const part = (_key: string, value: unknown): unknown => (typeof value === 'string' ? printable(value) : value);
  return JSON.parse(JSON.stringify(facts), part) as T;
}
