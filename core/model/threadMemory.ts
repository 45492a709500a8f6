/** Which memory of a space is a thread's: the bytes around its thread pointer, and the mapping they lie in. */
import type { TlsFacts } from '../contract/details.ts';
import type { Space } from './space.ts';
import { pageOf, pageUp, staticExtent } from './tls.ts';
import type { Thread } from './world.ts';

export type ThreadWithTls = Thread & { readonly tls: TlsFacts };

/** The pages around one thread pointer. */
export interface Extent {
  readonly start: number;
  readonly end: number;
  readonly thread: Thread;
}

export class ThreadMemory {
  /** Threads whose TLS is known and still there. */
  readonly threads: readonly ThreadWithTls[];
  readonly extents: readonly Extent[];
  readonly #byMapping = new Map<number, Thread>();
  /** The rows among which those of these mappings are: few of the many that are asked about. */
  #first = Number.POSITIVE_INFINITY;
  #last = -1;

  constructor(threads: readonly Thread[], space: Space) {
    this.threads = withTls(threads, space);
    const byPage = new Map<number, Extent>();
    for (const thread of this.threads) {
      const { start, end } = staticExtent(thread.tls);
      byPage.set(pageOf(start), { start: pageOf(start), end: pageUp(end), thread });
      const region = space.at(Number(thread.tls.tp));
      if (!region) continue;
      this.#byMapping.set(region.mapped, thread);
      this.#first = Math.min(this.#first, region.mapped);
      this.#last = Math.max(this.#last, region.mapped);
    }
    this.extents = [...byPage.values()].sort((a, b) => a.start - b.start);
  }

  /** The thread whose TLS lies in what the row `mapped` mapped. */
  ofMapping(mapped: number): Thread | null {
    return mapped < this.#first || mapped > this.#last ? null : (this.#byMapping.get(mapped) ?? null);
  }

  /** The thread whose TLS pages hold `addr`. */
  at(addr: number): Thread | null {
    let low = 0;
    let high = this.extents.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.extents[middle]?.end ?? 0) > addr) high = middle;
      else low = middle + 1;
    }
    const found = this.extents[low];
    return found && found.start <= addr ? found.thread : null;
  }
}

/**
 * Threads whose TLS is known, those that ended first, so that a new thread on an old stack has the last word. An ended
 * one counts while the memory that held its TLS is still the same mapping.
 */
function withTls(threads: readonly Thread[], space: Space): readonly ThreadWithTls[] {
  const ended: ThreadWithTls[] = [];
  const alive: ThreadWithTls[] = [];
  for (const thread of threads) {
    const { tls, tlsEvent } = thread;
    if (!tls) continue;
    if (thread.state !== 'exited') alive.push({ ...thread, tls });
    else if ((space.at(Number(tls.tp))?.mapped ?? Number.POSITIVE_INFINITY) < (tlsEvent ?? -1))
      ended.push({ ...thread, tls });
  }
  return [...ended, ...alive];
}
