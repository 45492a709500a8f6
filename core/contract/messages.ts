/** What travels between a session and its renderer, over Electron IPC or a WebSocket alike. */

import type { Command } from './commands.ts';
import type { EventBatch } from './events.ts';

export type HostName = 'electron' | 'browser';

/** Where the current log comes from. */
export type Source =
  | { readonly kind: 'none' }
  | { readonly kind: 'live'; readonly title: string; readonly launchPath: string | null }
  /** `rows`: how many there are in all; the batches that follow bring them. */
  | { readonly kind: 'snapshot'; readonly title: string; readonly rows: number };

export type ToRenderer =
  | { readonly type: 'hello'; readonly host: HostName; readonly version: string; readonly hasPku: boolean }
  /**
   * A log begins: forget the old one. `log` names it: under the name that the old one had it is the same log once more, from
   * its first row, told to a page that was cut off. Without a name it is a new one.
   */
  | { readonly type: 'source'; readonly source: Source; readonly log?: string | undefined }
  | { readonly type: 'batch'; readonly batch: EventBatch }
  /** The launch failed or the engine died; the log up to here stays readable. */
  | { readonly type: 'failed'; readonly error: string }
  | { readonly type: 'reply'; readonly id: number; readonly error?: string; readonly value?: unknown };

export interface Request {
  readonly id: number;
  readonly command: Command;
}

/** A command of the window in the words of its table: what a host's own menu offers. */
export interface MenuItem {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  /** The key that runs it in the page, as the table writes it. */
  readonly key?: string | undefined;
}

/** The one object a renderer needs from its host. */
export interface Host {
  send(request: Request): void;
  onMessage(listener: (message: ToRenderer) => void): () => void;
  /** Where a file that was dropped lies on this machine; absent where the host cannot tell, as in a browser. */
  pathOf?(file: File): string;
  /** Offers the window's commands in the host's menu, and hears which is chosen there; absent where there is no menu. */
  menu?(items: readonly MenuItem[], run: (id: string) => void): () => void;
}
