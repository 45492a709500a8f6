import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Native } from '../../core/contract/engine.ts';
import { MOST_SYMBOLS, type SymbolModule, type SymbolsFound } from '../../core/contract/symbols.ts';
import { messageOf } from './errors.ts';
import { mappedFile } from './mapped-file.ts';
import { type Rank, SymbolTable } from './symbol-table.ts';

/** Tables of so many bytes are kept: those of a few hundred libraries, or of some programs the size of a browser. */
const KEPT_BYTES = 128 << 20;
/** A search gives way to whatever else the host has to do after so long. */
const TURN_MS = 8;

interface Candidate {
  readonly module: number;
  readonly symbol: number;
  readonly rank: Rank;
  readonly length: number;
}

/** Better first: by rank, then the shorter name; of equals the one that was found first. */
const better = (a: Candidate, b: Candidate): boolean => a.rank < b.rank || (a.rank === b.rank && a.length < b.length);

/** The best few of any number of candidates. */
class Best {
  readonly list: Candidate[] = [];
  count = 0;

  add(candidate: Candidate): void {
    this.count += 1;
    const last = this.list.at(-1);
    if (last && this.list.length === MOST_SYMBOLS && !better(candidate, last)) return;
    let at = this.list.length;
    for (let before = this.list[at - 1]; before && better(candidate, before); before = this.list[at - 1]) at--;
    this.list.splice(at, 0, candidate);
    this.list.length = Math.min(this.list.length, MOST_SYMBOLS);
  }
}

/** Looks for functions and variables by name in the files of modules, and keeps what it read. */
export class SymbolFiles {
  readonly #native: Native;
  /** By what tells a file from every other, so that a table stays right whatever lies there later; the least lately asked first. */
  readonly #tables = new Map<string, SymbolTable>();
  #bytes = 0;

  constructor(native: Native) {
    this.#native = native;
  }

  /**
   * The best matches in these modules, loaded by the process of that number if it is still there. A module that cannot be
   * looked at is told as unknown, never left out.
   */
  async search(text: string, modules: readonly SymbolModule[], pid: number | null = null): Promise<SymbolsFound> {
    const best = new Best();
    const tables: (SymbolTable | null)[] = [];
    const unknown: SymbolsFound['unknown'] = [];
    let turn = performance.now();
    for (const [module, asked] of modules.entries()) {
      const table = this.#table(asked, pid);
      tables.push(typeof table === 'string' ? null : table);
      if (typeof table === 'string') unknown.push({ module, why: table });
      else {
        table.each(text, (symbol, rank, length) => best.add({ module, symbol, rank, length }));
        if (!table.complete) unknown.push({ module, why: `${asked.path} has more symbols than are searched` });
      }
      if (performance.now() - turn < TURN_MS) continue;
      await setImmediate();
      turn = performance.now();
    }
    const found = best.list.flatMap(({ module, symbol }) => {
      const table = tables[module];
      return table ? [this.#told(table, symbol, module)] : [];
    });
    return { found, count: best.count, unknown };
  }

  /** The function or variable of a module that holds an address of its file. */
  at(address: bigint, module: SymbolModule, pid: number | null = null): SymbolsFound {
    const table = this.#table(module, pid);
    if (typeof table === 'string') return { found: [], count: 0, unknown: [{ module: 0, why: table }] };
    const at = table.at(address);
    const found = at < 0 ? [] : [this.#told(table, at, 0)];
    return { found, count: found.length, unknown: [] };
  }

  /** Only what is told is demangled: never a whole file. */
  #told(table: SymbolTable, symbol: number, module: number): SymbolsFound['found'][number] {
    const said = table.symbol(symbol);
    const written = this.#native.demangled(said.name);
    return { ...said, ...(written === null ? {} : { written }), module };
  }

  /** The symbols of a module, or why nothing is known of them. */
  #table({ path, buildId }: SymbolModule, pid: number | null): SymbolTable | string {
    const gone = (): string | null => (isAbsolute(path) && existsSync(path) ? null : `${path} is not on this machine`);
    const same = buildId ?? (pid === null ? null : mappedFile(pid, path));
    if (same === null) {
      return gone() ?? `${path} has no build id: nobody can say whether it is still the file that was loaded`;
    }
    const id = `${same} ${path}`;
    const kept = this.#tables.get(id);
    this.#tables.delete(id);
    try {
      const table = kept ?? new SymbolTable(this.#native.fileSymbols(path, buildId ?? ''));
      this.#tables.set(id, table);
      if (!kept) this.#makeRoom(table.bytes);
      return table;
    } catch (thrown) {
      return gone() ?? messageOf(thrown);
    }
  }

  #makeRoom(bytes: number): void {
    this.#bytes += bytes;
    for (const [id, table] of this.#tables) {
      if (this.#bytes <= KEPT_BYTES) break;
      this.#tables.delete(id);
      this.#bytes -= table.bytes;
    }
  }
}
