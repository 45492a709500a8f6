/** What was measured, as text for a terminal. */
import type { Result } from './measure.ts';

const head = ['operation', 'unit', 'untraced', 'Keyhole', 'peer', '', 'ratio', 'at most', 'met?'];

/** One line of the table. */
const cells = (result: Result): string[] => [
  result.operation,
  result.unit,
  figure(result.native),
  figure(result.ours),
  figure(result.theirs),
  result.peer,
  figure(result.ratio),
  result.limit === null ? '' : `${result.limit}`,
  result.met === null ? '' : result.met ? 'yes' : 'NO',
];

const figure = (value: number | null): string =>
  value === null ? '-' : value < 0.1 ? value.toPrecision(2) : value < 100 ? value.toFixed(2) : value.toFixed(0);

export function table(results: readonly Result[]): string {
  const rows = [head, ...results.map(cells)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const isText = (column: number): boolean => column === 0 || column === 5;
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

/** What went wrong, row by row; empty when nothing did. */
export const problems = (results: readonly Result[]): string[] =>
  results.flatMap(({ operation, problem }) => (problem === null ? [] : [`${operation.trim()}: ${problem}`]));
