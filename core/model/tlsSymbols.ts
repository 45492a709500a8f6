/** The thread-local variables of a thread by name: the symbols of each module, where this thread has its block. */
import type { TlsFacts } from '../contract/details.ts';
import type { Space } from './space.ts';

export interface TlsVariable {
  /** As its source writes it, where that is known. */
  readonly name: string;
  /** As the linker and a policy have it. */
  readonly symbol: string;
  readonly module: string;
  readonly start: number;
  readonly size: number;
  /** From the thread pointer. */
  readonly offset: number;
  /** Reached through the DTV, away from the thread pointer. */
  readonly detached: boolean;
}

/** All that the modules' symbol tables name, lowest address first. */
export function tlsVariables(space: Space, tls: TlsFacts): readonly TlsVariable[] {
  const tp = Number(tls.tp);
  const found: TlsVariable[] = [];
  for (const block of tls.blocks) {
    const module = space.modules.find(({ name }) => name === block.module);
    for (const { name: symbol, written, offset, size } of module?.facts.tls?.symbols ?? []) {
      const start = Number(block.start) + offset;
      found.push({
        name: written ?? symbol,
        symbol,
        module: block.module,
        start,
        size,
        offset: start - tp,
        detached: !block.static,
      });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
