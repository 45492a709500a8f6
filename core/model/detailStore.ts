/** The details of a log: JSON texts by number, each parsed when it is first asked for. */
import type { MapFacts } from '../contract/details.ts';
import { type FactKind, type FactsOf, parseFacts } from './facts.ts';

const NO_MAP: MapFacts = { name: '' };

export class DetailStore {
  // All by number; 0 is no detail.
  readonly #texts: string[] = [''];
  readonly #parsed: unknown[] = [undefined];
  /** Number of the words of a map row's detail; 0 for any other. */
  readonly #words: number[] = [0];
  // Map rows say the same few things many times over: each text is kept, numbered and parsed once.
  readonly #numbers = new Map<string, number>();
  readonly #mapTexts: string[] = [''];
  readonly #facts: (MapFacts | undefined)[] = [NO_MAP];

  /** How many details there are; their numbers begin with 1. */
  get length(): number {
    return this.#texts.length - 1;
  }

  add(texts: readonly string[]): void {
    for (const text of texts) {
      this.#texts.push(text);
      this.#parsed.push(undefined);
      this.#words.push(0);
    }
  }

  /** Notes that a map row has this detail. */
  ofMap(number: number): void {
    const text = this.text(number);
    if (text === null) return;
    let words = this.#numbers.get(text);
    if (words === undefined) {
      words = this.#facts.length;
      this.#facts.push(undefined);
      this.#mapTexts.push(text);
      this.#numbers.set(text, words);
    }
    this.#words[number] = words;
    this.#texts[number] = this.#mapTexts[words] ?? text;
  }

  text(number: number): string | null {
    return number > 0 ? (this.#texts[number] ?? null) : null;
  }

  texts(from: number, to: number): string[] {
    return this.#texts.slice(from, to);
  }

  /** What the detail of row `row` says; null where it has none. Throws DetailError. */
  facts<K extends FactKind>(row: number, kind: K, number: number): FactsOf<K> | null {
    const text = this.text(number);
    if (text === null) return null;
    if (kind === 'map') return this.mapFacts(row, number) as FactsOf<K>;
    const known = this.#parsed[number];
    if (known !== undefined) return known as FactsOf<K>;
    const facts = parseFacts(row, kind, text);
    this.#parsed[number] = facts;
    return facts;
  }

  /** Map rows that say the same have the same number of words; 0 says nothing. */
  mapWords(number: number): number {
    return this.#words[number] ?? 0;
  }

  /** What a map row says; nothing but an empty name where it has no detail. Throws DetailError. */
  mapFacts(row: number, number: number): MapFacts {
    const words = this.mapWords(number);
    let facts = this.#facts[words];
    if (facts === undefined) {
      facts = parseFacts(row, 'map', this.#texts[number] ?? '');
      this.#facts[words] = facts;
    }
    return facts;
  }
}
