import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { socketPath, tokenParameter } from '../../core/contract/transport.ts';
import type { Desk } from '../session/desk.ts';
import { messageOf, UserError } from '../session/errors.ts';
import { pageFile, pageHeaders } from '../session/page.ts';
import { Guard } from './guard.ts';
import { serveViewer } from './viewer.ts';

/** An opened snapshot travels as base64 in one message. */
const MAX_MESSAGE = 512 << 20;

/** One desk behind a loopback port: the page over http, the session over a WebSocket. */
export class KeyholeServer {
  readonly #desk: Desk;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false });
  #guard = new Guard(0);

  private constructor(desk: Desk) {
    this.#desk = desk;
    this.#http = createServer((request, response) => void this.#answer(request, response));
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Listens on 127.0.0.1; port 0 takes any free one. */
  static async start(desk: Desk, port = 0): Promise<KeyholeServer> {
    const server = new KeyholeServer(desk);
    await new Promise<void>((resolve, reject) => {
      server.#http.once('error', (error) => reject(new UserError(`port ${port}: ${messageOf(error)}`, 1)));
      server.#http.listen(port, '127.0.0.1', resolve);
    });
    server.#guard = new Guard((server.#http.address() as AddressInfo).port);
    return server;
  }

  /** The address to open in a browser; it carries the token. */
  get url(): string {
    return `${this.#guard.origin}/?${tokenParameter}=${this.#guard.token}`;
  }

  /** An address that works once: it leads to `url`. */
  onceUrl(): string {
    return `${this.#guard.origin}/once?pass=${this.#guard.issuePass()}`;
  }

  /** Closes every connection and stops listening. The desk is the caller's. */
  dispose(): void {
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
    this.#http.close();
    this.#http.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const guard = this.#guard;
    const url = new URL(request.url ?? '/', guard.origin);
    try {
      if (!guard.hostOk(request)) return deny(response, 403, 'wrong Host');
      if (!guard.originOk(request)) return deny(response, 403, 'wrong Origin');
      if (request.method !== 'GET' && request.method !== 'HEAD') return deny(response, 405, 'only GET');
      if (url.pathname === '/once') {
        if (!guard.takePass(url.searchParams.get('pass') ?? '')) return deny(response, 403, 'this address worked once');
        response.writeHead(302, { Location: this.url, 'Cache-Control': 'no-store' }).end();
        return;
      }
      // The page's own files are no secret; the page itself is where a person finds out that a token is missing.
      const isPage = url.pathname === '/' || url.pathname === '/index.html';
      if (isPage && !guard.tokenOk(url))
        return deny(response, 403, 'wrong or missing token: use the address that Keyhole printed');
      const file = await pageFile(this.#desk.kit.paths.renderer, url.pathname);
      if (!file) return deny(response, 404, isPage ? 'the page is not built; bin/start builds it' : 'no such file');
      response.writeHead(200, { ...pageHeaders(`'self' ws://${guard.host}`), 'Content-Type': file.type });
      response.end(request.method === 'HEAD' ? undefined : file.body);
    } catch (thrown) {
      deny(response, 500, messageOf(thrown));
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const guard = this.#guard;
    const url = new URL(request.url ?? '/', guard.origin);
    const allowed = guard.hostOk(request) && guard.originOk(request) && guard.tokenOk(url);
    if (url.pathname !== socketPath || !allowed) {
      socket.end(
        `HTTP/1.1 ${allowed ? '404 Not Found' : '403 Forbidden'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => serveViewer(this.#desk, client));
  }
}

function deny(response: ServerResponse, status: number, why: string): void {
  if (!response.headersSent) response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`Keyhole: ${why}\n`);
}
