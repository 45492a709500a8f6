import type { Host, Request, ToRenderer } from '../core/contract/messages.ts';
import { hostGlobal, socketPath, tokenParameter } from '../core/contract/transport.ts';
import { decodeMessage } from '../core/contract/wire.ts';

/** What a renderer knows about the way to its session. */
export type LinkState = 'connecting' | 'open' | 'lost';

/** A host plus the state of the way to it. */
export interface Link extends Host {
  onState(listener: (state: LinkState) => void): () => void;
  /** Try again after `lost`. */
  reconnect(): void;
}

class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();
  add(listener: (value: T) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }
  tell(value: T): void {
    for (const listener of this.#all) listener(value);
  }
}

/** A host that is simply there: the preload's, or one injected by a test. */
export function directLink(host: Host): Link {
  return {
    send: (request) => host.send(request),
    onMessage: (listener) => host.onMessage(listener),
    ...(host.menu ? { menu: (items, run) => host.menu?.(items, run) ?? (() => {}) } : {}),
    ...(host.pathOf ? { pathOf: (file: File) => host.pathOf?.(file) ?? '' } : {}),
    onState: (listener) => {
      listener('open');
      return () => {};
    },
    reconnect: () => {},
  };
}

/** The address of the session's socket, for the page at `location`; the token comes from its query or its hash. */
export function socketAddress(location: { protocol: string; host: string; search: string; hash: string }): string {
  const token =
    new URLSearchParams(location.search).get(tokenParameter) ??
    new URLSearchParams(location.hash.replace(/^#/, '')).get(tokenParameter);
  const query = token === null ? '' : `?${new URLSearchParams({ [tokenParameter]: token })}`;
  return `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}${socketPath}${query}`;
}

/** A session behind a WebSocket. Requests sent before it opens wait; after a loss they are answered by an error. */
export function socketLink(address: string): Link {
  const messages = new Listeners<ToRenderer>();
  const states = new Listeners<LinkState>();
  let state: LinkState = 'connecting';
  let waiting: Request[] = [];
  let socket = open();

  function set(next: LinkState): void {
    state = next;
    states.tell(next);
  }

  function open(): WebSocket {
    const opened = new WebSocket(address);
    opened.binaryType = 'arraybuffer';
    opened.onopen = () => {
      set('open');
      for (const request of waiting) opened.send(JSON.stringify(request));
      waiting = [];
    };
    opened.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
      try {
        messages.tell(decodeMessage(event.data));
      } catch (error) {
        messages.tell({ type: 'failed', error: `The session sent something unreadable: ${String(error)}` });
      }
    };
    opened.onclose = () => {
      for (const { id } of waiting) messages.tell({ type: 'reply', id, error: 'the session cannot be reached' });
      waiting = [];
      set('lost');
    };
    return opened;
  }

  return {
    send: (request) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
      else if (socket.readyState === WebSocket.CONNECTING) waiting.push(request);
      else messages.tell({ type: 'reply', id: request.id, error: 'the session cannot be reached' });
    },
    onMessage: (listener) => messages.add(listener),
    onState: (listener) => {
      listener(state);
      return states.add(listener);
    },
    reconnect: () => {
      if (state !== 'lost') return;
      set('connecting');
      socket = open();
    },
  };
}

/** The host this page runs under: the preload's object in Electron, else the socket of its own origin. */
export function pageLink(): Link {
  const host = window[hostGlobal];
  return host ? directLink(host) : socketLink(socketAddress(window.location));
}
