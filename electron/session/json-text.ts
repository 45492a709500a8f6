import { parse } from 'lossless-json';
import { messageOf, UserError } from './errors.ts';

/** Parses strict JSON; an error reads `FILE:LINE:COLUMN: what was expected`. A field given twice is an error too. */
export function parseJsonText(text: string, file: string): unknown {
  try {
    return parse(text, undefined, Number);
  } catch (thrown) {
    const message = messageOf(thrown);
    const at = /^(.*?)\s+(?:encountered )?at position (\d+)$/.exec(message);
    if (at === null) throw new UserError(`${file}: not JSON: ${message}`);
    const { line, column } = lineAndColumn(text, Number(at[2]));
    throw new UserError(`${file}:${line}:${column}: not JSON: ${at[1]}`);
  }
}

/** 1-based line and column of an offset. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - lastBreak };
}
