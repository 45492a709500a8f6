/** The part of docs/emulation-limits.md that is made from recordings. */
import type { Limit } from './compare.ts';

export interface TableRow {
  readonly program: string;
  /** How it ended on real keys. */
  readonly end: string;
  /** The first access that a key denied there. */
  readonly fault: string;
  /** Its own word, with nobody watching: `same`, or how it ends where no policy denies it anything. */
  readonly alone: string;
}

const begin = '<!-- made by bin/test guest --table -->';
const end = '<!-- end -->';

/** The document with its part renewed. */
export function renewed(document: string, rows: readonly TableRow[], limits: readonly Limit[]): string {
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the document lacks "${begin}" or "${end}"`);
  const listed = (program: string): string => {
    const ids = limits.filter((limit) => limit.programs.includes(program)).map(({ id }) => id);
    return ids.length > 0 ? ids.join(', ') : 'equal';
  };
  const made = [
    ...['| difference | reason |', '|---|---|', ...limits.map(({ id, reason }) => `| ${id} | ${reason} |`), ''],
    '| program | ends on real keys | first denied access there | alone | emulated and real |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ program, end, fault, alone }) => `| ${program} | ${end} | ${fault} | ${alone} | ${listed(program)} |`,
    ),
  ];
  return `${before}${begin}\n${made.join('\n')}\n${end}${after}`;
}
