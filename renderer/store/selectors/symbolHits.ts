import { hex } from '../../../core/contract/ids.ts';
import type { SymbolKind } from '../../../core/contract/symbols.ts';
import type { Space } from '../../../core/model/space.ts';
import { count as grouped, plural } from '../../widgets/format.ts';
import type { Found, Question, SymbolAnswer } from '../symbolSearch.ts';
import { type Hit, parseAddress, parseOffset } from './search.ts';

/** Of many reasons why modules are unknown, so many are told; the rest is counted. */
const MOST_REASONS = 3;
/** Fewer letters than these are in every other name. */
const FEWEST = 2;

const kinds: Readonly<Record<SymbolKind, string>> = { function: 'function', object: 'variable', label: 'label' };

/** What to ask for, of a space as it is now (`live`) or was, and the bytes behind a name where it is written as `name+0x40`. */
export function symbolQuery(
  query: string,
  space: Space,
  live: boolean,
): { question: Question; plus: number | null } | null {
  const whole = query.trim();
  const pid = live ? space.pid : null;
  const addr = parseAddress(query);
  const module = addr === null ? null : space.moduleAt(addr);
  if (addr !== null && module) {
    const offset = addr - Number(module.facts.base);
    return { question: { text: whole, offset, modules: [module], pid }, plus: null };
  }
  const [, name, digits] = /^(.*\S)\+0x([0-9a-f]{1,8})$/i.exec(whole) ?? [];
  // The linker's name has no brackets: `v8::Isolate::New(int) const` is looked for up to its own.
  const text = (name ?? whole).replace(/^([^(]*::[^(]+)\(.*$/, '$1');
  if (text.length < FEWEST || text.length > 200 || text.includes('\0') || parseOffset(query) !== null) return null;
  const question = { text, offset: null, modules: space.modules, pid };
  return { question, plus: digits === undefined ? null : Number.parseInt(digits, 16) };
}

/** Where the symbols that were found lie in this space; a place `behind` a name is only in symbols of that name. */
export function symbolHits(
  space: Space,
  { text, offset: place, modules, answer }: Found,
  behind: number | null,
): readonly Hit[] {
  const hits: Hit[] = [];
  for (const { name, written, module: number, offset, size, kind } of answer.found) {
    const module = modules[number];
    const called = [name, written?.replace(/\(.*/, '')].some((each) => each?.replace(/@.*/, '') === text);
    if (!module || (behind !== null && (!called || (size > 0 && behind >= size)))) continue;
    const plus = place === null ? behind : place - offset;
    const start = Number(module.facts.base) + offset;
    const addr = start + (plus ?? 0);
    const range = size > 0 ? `${hex(start)} to ${hex(start + size)}` : hex(start);
    const gone = space.at(addr) ? '' : ', not mapped';
    hits.push({
      text: `${written ?? name}${plus === null ? '' : `+${hex(plus)}`}`,
      ...(written === undefined ? {} : { symbol: name }),
      what: `${kinds[kind]} of ${module.short}, ${range}${gone}`,
      pid: space.pid,
      addr,
    });
  }
  return hits.filter((hit, i) => hits.findIndex((h) => h.addr === hit.addr && h.text === hit.text) === i);
}

const modulesWords = (n: number): string => plural(n, 'module');

/** What a search for symbols has to say beside its hits, line by line; unknown is never "no match". */
export function symbolNotes(answer: SymbolAnswer | null, modules: number): readonly string[] {
  if (!answer) return [];
  if (answer.is === 'failed') return [`Symbols: ${answer.why}.`];
  if (answer.is === 'searching') return [`Searching the symbols of ${modulesWords(modules)}…`];
  const { found, count, unknown } = answer.latest.answer;
  if (modules === 0) return ['No module is loaded at this instant, so there are no symbols.'];
  const known = modules - unknown.length;
  const notes: string[] = [];
  if (count > found.length) {
    notes.push(`The best ${found.length} of ${grouped(count)} symbols with that in their name.`);
  }
  if (count === 0 && known > 0 && answer.latest.offset !== null) {
    return ['No function or variable that is known of its module holds this address.'];
  }
  if (count === 0 && known > 0) notes.push(`No symbol of ${modulesWords(known)} has that in its name.`);
  if (unknown.length > 0) notes.push(`Symbols of ${modulesWords(unknown.length)} are unknown:`);
  notes.push(...unknown.slice(0, MOST_REASONS).map(({ why }) => `${why}.`));
  if (unknown.length > MOST_REASONS) notes.push(`And ${unknown.length - MOST_REASONS} more.`);
  return notes;
}
