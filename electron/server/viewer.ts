import type { WebSocket } from 'ws';
import type { ToRenderer } from '../../core/contract/messages.ts';
import { encodeMessage } from '../../core/contract/wire.ts';
import { answer } from '../session/commands.ts';
import type { Desk } from '../session/desk.ts';

/** A page that has stopped reading (a sleeping laptop, a debugger) must not fill this process's memory. */
const MAX_BEHIND = 512 << 20;

/** Connects one WebSocket with the desk until it closes. */
export function serveViewer(desk: Desk, client: WebSocket): void {
  const send = (message: ToRenderer): void => {
    if (client.readyState !== client.OPEN) return;
    if (client.bufferedAmount > MAX_BEHIND) client.terminate();
    else client.send(encodeMessage(message));
  };
  const leave = desk.attach(send);
  client.on('close', leave);
  client.on('error', () => client.terminate());
  client.on('message', async (data, isBinary) => {
    const reply = isBinary ? null : await answer(desk, parse(String(data)));
    // What is no request at all has no number to answer to: such a client is not ours.
    if (reply) send(reply);
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
