import type { FileSymbols } from '../../core/contract/engine.ts';
import { type SymbolKind, symbolKinds } from '../../core/contract/symbols.ts';

/** How well a name answers what was asked for: it is that, it begins with it, it holds it. Less is better. */
export type Rank = 0 | 1 | 2;

export interface TableSymbol {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly kind: SymbolKind;
}

/** No part begins with a digit: where a length ends is never a guess, and no text can make the search take long. */
const betweenParts = /::(?=[^\d:])/;

/** What stands there in a name as it is, and in a mangled one. */
const between = '(?:::|\\d+)';

/** Of template arguments a mangled name has others: between `I` and `E` whatever fits, but not much (5.1.6). */
const templateArguments = 'I[^\\0]{1,200}?E';

/**
 * A text as a pattern of any case: folding by a second text would shift every place where a small letter is longer.
 * Between the parts of `a::b` a mangled name has the length of the next one, and `St` for `std` (Itanium C++ ABI, 5.1.4).
 */
function patternOf(text: string): RegExp {
  const [before = '', after] = (text.replace(/:+$/, '') || text).split(/<.*>/);
  const plain = (part: string): string => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const [first = '', ...rest] = before.split(betweenParts).map(plain);
  const head = [rest.length > 0 && first === 'std' ? 'St(?:d)?' : first, ...rest].join(between);
  if (after === undefined) return new RegExp(head, 'gi');
  return new RegExp(`${head}${templateArguments}${after.split(betweenParts).map(plain).join(between)}`, 'gi');
}

/** The symbols of one file, all names in one text: a search of 100,000 takes milliseconds, and none is an object. */
export class SymbolTable {
  readonly complete: boolean;
  readonly #file: FileSymbols;
  /** Where each name begins. */
  readonly #begin: Uint32Array;

  constructor(file: FileSymbols) {
    this.#file = file;
    this.complete = file.complete;
    this.#begin = new Uint32Array(file.start.length);
    for (let i = 0, at = 0; i < this.#begin.length; i++) {
      this.#begin[i] = at;
      at = file.names.indexOf('\0', at) + 1;
    }
  }

  /** About how many bytes it holds. */
  get bytes(): number {
    return this.#file.names.length + this.#begin.length * 21;
  }

  /** Calls `take` for each name that holds the text, whatever its case. */
  each(text: string, take: (symbol: number, rank: Rank, length: number) => void): void {
    const { names } = this.#file;
    const pattern = patternOf(text);
    for (let match = pattern.exec(names); match !== null; match = pattern.exec(names)) {
      const i = this.#at(match.index);
      const begin = this.#begin[i] ?? 0;
      const end = names.indexOf('\0', match.index);
      // The linker writes a symbol's version behind its name (`memcpy@@GLIBC_2.14`).
      const whole = pattern.lastIndex === end || names[pattern.lastIndex] === '@';
      take(i, match.index !== begin ? 2 : whole ? 0 : 1, end - begin);
      pattern.lastIndex = end + 1;
    }
  }

  /** The symbol that holds an address: of several the one that begins last, then the one of the shortest name; else -1. */
  at(address: bigint): number {
    const { start, size } = this.#file;
    let found = -1;
    for (let i = 0; i < start.length; i++) {
      const begin = start[i] ?? 0n;
      // A symbol of no size says where it is, not how far it reaches.
      if (begin > address || (address - begin >= (size[i] ?? 0n) && address !== begin)) continue;
      const before = start[found] ?? -1n;
      if (begin > before || (begin === before && this.#length(i) < this.#length(found))) found = i;
    }
    return found;
  }

  #length(i: number): number {
    return (this.#begin[i + 1] ?? this.#file.names.length) - (this.#begin[i] ?? 0);
  }

  symbol(i: number): TableSymbol {
    const { names, start, size, kind } = this.#file;
    const begin = this.#begin[i] ?? 0;
    return {
      name: names.slice(begin, names.indexOf('\0', begin)),
      offset: Number(start[i] ?? 0n),
      size: Number(size[i] ?? 0n),
      kind: symbolKinds[kind[i] ?? 0] ?? 'label',
    };
  }

  /** The symbol whose name holds that place in the text. */
  #at(place: number): number {
    let [low, high] = [0, this.#begin.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#begin[middle] ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
