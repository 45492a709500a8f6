import type { Command } from '../../core/contract/commands.ts';
import type { HostName, MenuItem, Source, ToRenderer } from '../../core/contract/messages.ts';
import type { Link, LinkState } from '../host.ts';
import { underWayWords } from './selectors/underWay.ts';
import type { Slice } from './store.ts';

/** The way to the session, what kind of host it is, and the commands that travel down it. */
export interface ConnectionSlice {
  readonly link: LinkState;
  readonly host: HostName | null;
  readonly version: string | null;
  readonly hasPku: boolean | null;
  /** Where the log comes from; `awaited` until the session has said so for the first time. */
  readonly source: Source | { readonly kind: 'awaited' };
  /** The launch failed or the engine died; the log up to here stays readable. */
  readonly failure: string | null;
  /** What was asked for last and is not done yet, in words; null when nothing is. */
  readonly underWay: string | null;
  /** Says what is being done for as long as it takes. */
  readonly during: <T>(words: string, work: () => Promise<T>) => Promise<T>;
  /** Send a command; answers its value, or throws an Error with the session's own words. */
  readonly command: (command: Command) => Promise<unknown>;
  readonly reconnect: () => void;
  readonly dismissFailure: () => void;
  /** What went wrong with something that was dropped; no failure of the session. */
  readonly dropFailure: string | null;
  readonly tellDropFailure: (text: string | null) => void;
  /** What was dropped while a program runs: opening it would end that. */
  readonly dropped: File | null;
  readonly askDropped: (file: File | null) => void;
  /** Where a dropped file lies; null where the host cannot tell. */
  readonly pathOf: (file: File) => string | null;
  /** Puts commands into the host's own menu, where it has one; answers how to take them back. */
  readonly offerMenu: (items: readonly MenuItem[], run: (id: string) => void) => () => void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Requests that wait for their reply. */
class Requests {
  #next = 1;
  readonly #pending = new Map<number, Pending>();

  send(link: Link, command: Command): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      link.send({ id, command });
    });
  }

  settle(reply: Extract<ToRenderer, { type: 'reply' }>): void {
    const waiting = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.error === undefined) waiting?.resolve(reply.value);
    else waiting?.reject(new Error(reply.error));
  }

  failAll(why: string): void {
    for (const { reject } of this.#pending.values()) reject(new Error(why));
    this.#pending.clear();
  }
}

export const connectionSlice =
  (link: Link): Slice<ConnectionSlice> =>
  (set, get) => {
    const requests = new Requests();
    let doing: readonly { readonly words: string }[] = [];
    const told = (next: typeof doing): void => {
      doing = next;
      set({ underWay: next.at(-1)?.words ?? null });
    };
    const during: ConnectionSlice['during'] = async (words, work) => {
      const one = { words };
      told([...doing, one]);
      try {
        return await work();
      } finally {
        told(doing.filter((each) => each !== one));
      }
    };

    link.onMessage((message) => {
      switch (message.type) {
        case 'hello':
          set({ host: message.host, version: message.version, hasPku: message.hasPku });
          break;
        case 'source':
          set({ source: message.source, failure: null });
          if (get().begin(message.log) === 'new') set({ launching: false });
          break;
        case 'batch':
          get().append(message.batch);
          break;
        case 'failed':
          set({ failure: message.error });
          break;
        case 'reply':
          requests.settle(message);
          break;
      }
    });
    link.onState((state) => {
      if (state === 'lost') requests.failAll('the connection to the session was lost');
      // The slice is still being built when the link reports its first state.
      queueMicrotask(() => {
        set({ link: state });
        if (state === 'lost') get().look();
      });
    });

    return {
      link: 'connecting',
      host: null,
      version: null,
      hasPku: null,
      source: { kind: 'awaited' },
      failure: null,
      underWay: null,
      during,
      command: (command) => {
        const words = underWayWords(command);
        return words === null ? requests.send(link, command) : during(words, () => requests.send(link, command));
      },
      reconnect: () => link.reconnect(),
      dismissFailure: () => set({ failure: null }),
      dropFailure: null,
      tellDropFailure: (dropFailure) => set({ dropFailure }),
      dropped: null,
      askDropped: (dropped) => set({ dropped }),
      pathOf: (file) => link.pathOf?.(file) || null,
      offerMenu: (items, run) => link.menu?.(items, run) ?? (() => {}),
    };
  };
