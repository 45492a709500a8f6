import type { WebSocket } from 'ws';
import type { ToRenderer } from '../../core/contract/messages.ts';
import { encodeMessage } from '../../core/contract/wire.ts';
import { answer } from '../session/commands.ts';
import type { Desk } from '../session/desk.ts';

/** So many messages are bytes at a time: the page reads one while the next is made. */
const AHEAD = 2;

/**
 * What one page is to be told, in order. A message becomes bytes when there is room for it on its way: the first part of
 * a long log has arrived before the last is made, and a page that has stopped reading (a sleeping laptop, a debugger)
 * costs no copies.
 */
class Outbox {
  readonly #client: WebSocket;
  #waiting: ToRenderer[] = [];
  #under = 0;

  constructor(client: WebSocket) {
    this.#client = client;
  }

  send(message: ToRenderer): void {
    // A new log begins: what still waits of the one before would only delay it.
    if (message.type === 'source') this.#waiting = this.#waiting.filter(({ type }) => type !== 'batch');
    this.#waiting.push(message);
    this.#go();
  }

  #go(): void {
    if (this.#client.readyState !== this.#client.OPEN) this.#waiting = [];
    while (this.#under < AHEAD) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#under++;
      this.#client.send(encodeMessage(next), () => {
        this.#under--;
        this.#go();
      });
    }
  }
}

/** Connects one WebSocket with the desk until it closes. */
export function serveViewer(desk: Desk, client: WebSocket): void {
  const outbox = new Outbox(client);
  const leave = desk.attach((message) => outbox.send(message));
  client.on('close', leave);
  client.on('error', () => client.terminate());
  client.on('message', async (data, isBinary) => {
    const reply = isBinary ? null : await answer(desk, parse(String(data)));
    // What is no request at all has no number to answer to: such a client is not ours.
    if (reply) outbox.send(reply);
    else client.close(1003, 'not a request');
  });
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
