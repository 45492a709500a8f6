import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { tokenParameter } from '../../core/contract/transport.ts';

/** How long the one-time pass of the window that Keyhole opens itself is good for. */
const PASS_MS = 60_000;

/**
 * Who may talk to the server. Any page on the web and any user of this machine can reach a loopback port, so the
 * Host has to be ours (DNS rebinding), the Origin ours (other pages), and the session needs the secret token.
 */
export class Guard {
  readonly token = randomBytes(32).toString('base64url');
  readonly host: string;
  readonly origin: string;
  #pass: { secret: string; expires: number } | null = null;

  constructor(port: number) {
    this.host = `127.0.0.1:${port}`;
    this.origin = `http://${this.host}`;
  }

  hostOk(request: IncomingMessage): boolean {
    return request.headers.host === this.host;
  }

  /** A browser always sends an Origin with a WebSocket; what sends none has to know the token anyway. */
  originOk(request: IncomingMessage): boolean {
    return request.headers.origin === undefined || request.headers.origin === this.origin;
  }

  tokenOk(url: URL): boolean {
    return same(url.searchParams.get(tokenParameter) ?? '', this.token);
  }

  /** A secret for a command line, which every user of the machine can read: it opens the page once, and soon. */
  issuePass(): string {
    const secret = randomBytes(32).toString('base64url');
    this.#pass = { secret, expires: Date.now() + PASS_MS };
    return secret;
  }

  takePass(secret: string): boolean {
    const pass = this.#pass;
    if (!pass || !same(secret, pass.secret)) return false;
    this.#pass = null;
    return Date.now() <= pass.expires;
  }
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
