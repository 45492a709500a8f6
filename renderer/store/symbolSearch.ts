import type { Command } from '../../core/contract/commands.ts';
import type { Pid } from '../../core/contract/ids.ts';
import { type SymbolsFound, symbolsFound } from '../../core/contract/symbols.ts';
import type { Module } from '../../core/model/space.ts';

/** What to look for among these modules' functions and variables. */
export interface Question {
  /** What was typed: a part of a name, or an address. */
  readonly text: string;
  /** The address, as bytes from the base of the one module that it lies in; null = a name is looked for. */
  readonly offset: number | null;
  readonly modules: readonly Module[];
  /** The process that has them loaded now; null at a past instant. */
  readonly pid: Pid | null;
}

export type SymbolAnswer =
  /** `latest`: of the same text in other modules, while these are looked at. */
  | { readonly is: 'searching'; readonly latest: Found | null }
  | { readonly is: 'found'; readonly latest: Found }
  /** The session's own words why there is no answer. */
  | { readonly is: 'failed'; readonly why: string };

/** What a session answered, and to which question: numbers of modules mean nothing without. */
export interface Found extends Question {
  readonly answer: SymbolsFound;
}

const alike = (a: Question | null, b: Question | null): boolean =>
  a?.text === b?.text &&
  a?.offset === b?.offset &&
  a?.pid === b?.pid &&
  a?.modules.length === b?.modules.length &&
  (a?.modules ?? []).every((module, i) => module === b?.modules[i]);

function commandOf({ text, offset, modules: asked, pid }: Question): Command {
  const modules = asked.map(({ path, facts }) => ({ path, buildId: facts.buildId }));
  const [module] = modules;
  const of = pid === null ? {} : { pid };
  if (offset !== null && module) return { do: 'symbol-at', module, offset: `0x${offset.toString(16)}`, ...of };
  return { do: 'symbols', text, modules, ...of };
}

/** Asks the session one question at a time; one that was asked meanwhile takes the place of those before it. */
export class SymbolSearch {
  readonly #send: (command: Command) => Promise<unknown>;
  readonly #listeners = new Set<() => void>();
  #asked: Question | null = null;
  #underWay: Question | null = null;
  #answer: SymbolAnswer | null = null;

  constructor(send: (command: Command) => Promise<unknown>) {
    this.#send = send;
  }

  /** The answer to what was asked last; null = nothing was. The same object until it changes. */
  get answer(): SymbolAnswer | null {
    return this.#answer;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Wants the answer to another question, or to none; the same one again is no question. */
  ask(question: Question | null): void {
    if (alike(question, this.#asked)) return;
    const before = this.#answer && this.#answer.is !== 'failed' ? this.#answer.latest : null;
    this.#asked = question;
    this.#set(question && { is: 'searching', latest: before?.text === question.text ? before : null });
    if (!this.#underWay) void this.#next();
  }

  async #next(): Promise<void> {
    const question = this.#asked;
    this.#underWay = question;
    if (!question) return;
    const answer = await this.#ask(question);
    if (this.#asked === question) {
      this.#underWay = null;
      this.#set(answer);
    } else await this.#next();
  }

  async #ask(question: Question): Promise<SymbolAnswer> {
    try {
      const value = await this.#send(commandOf(question));
      return { is: 'found', latest: { ...question, answer: symbolsFound.parse(value) } };
    } catch (error) {
      return { is: 'failed', why: error instanceof Error ? error.message : String(error) };
    }
  }

  #set(answer: SymbolAnswer | null): void {
    this.#answer = answer;
    for (const listener of this.#listeners) listener();
  }
}
