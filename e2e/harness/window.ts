import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Page, Route } from '@playwright/test';
import type { BrowserWindowConstructorOptions } from 'electron';
import type { HarnessIpc } from './ipc.ts';
import { rendererSide } from './renderer.ts';

/** Names of the two ways between page and main; a test of main's sender checks may speak through them itself. */
export const ends = { send: '__harnessSend', receive: '__harnessReceive' };

type WindowOpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' };
type ProtocolHandler = (request: Request) => Response | Promise<Response>;

/** Chromium knows no scheme of ours: `app://keyhole/x` is fetched as `https://keyhole.app.invalid/x`. */
const toPage = (url: string): string => url.replace(/^(\w+):\/\/([^/]+)/, 'https://$2.$1.invalid');
const toApp = (url: string): string => url.replace(/^https:\/\/([^/]+)\.(\w+)\.invalid/, '$2://$1');

/** `electron.WebContents` over a Playwright page. */
export class HarnessContents extends EventEmitter {
  readonly mainFrame = { origin: '', url: '' };
  openHandler: WindowOpenHandler = () => ({ action: 'allow' });
  readonly #page: Page;
  /** Messages reach the page one after the other, as over IPC. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(page: Page) {
    super();
    this.#page = page;
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.openHandler = handler;
  }

  send(channel: string, ...args: unknown[]): void {
    const message = { receive: ends.receive, channel, args: structuredClone(args) };
    this.#queue = this.#queue
      .then(() =>
        this.#page.evaluate(({ receive, channel, args }) => {
          const page = window as unknown as Record<string, (channel: string, args: unknown[]) => void>;
          page[receive]?.(channel, args);
        }, message),
      )
      .catch(() => {}); // the page is gone
  }

  /** Asks main's own rules whether the page may go to an address; they refuse by preventDefault. */
  mayNavigate(url: string): boolean {
    let prevented = false;
    this.emit('will-navigate', {
      url,
      preventDefault() {
        prevented = true;
      },
    });
    return !prevented;
  }
}

/** `electron.BrowserWindow` over a Playwright page. */
export class HarnessWindow extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions;
  readonly webContents: HarnessContents;
  readonly page: Page;
  readonly loaded: Promise<void>;
  visible: boolean;
  #destroyed = false;
  #loaded: (result: Promise<void>) => void = () => {};
  readonly #ipc: HarnessIpc;
  readonly #handlers: ReadonlyMap<string, ProtocolHandler>;

  constructor(
    page: Page,
    options: BrowserWindowConstructorOptions,
    ipc: HarnessIpc,
    handlers: ReadonlyMap<string, ProtocolHandler>,
  ) {
    super();
    this.page = page;
    this.options = options;
    this.visible = options.show !== false;
    this.webContents = new HarnessContents(page);
    this.#ipc = ipc;
    this.#handlers = handlers;
    this.loaded = new Promise((resolve) => {
      this.#loaded = resolve;
    });
  }

  async loadURL(url: string): Promise<void> {
    const loading = this.#load(url);
    this.#loaded(loading);
    await loading;
  }

  async #load(url: string): Promise<void> {
    const { preload } = this.options.webPreferences ?? {};
    if (preload === undefined) throw new Error('the window has no preload script');
    const origin = new URL(url.replace(/^\w+:/, 'https:')).host;
    this.webContents.mainFrame.url = url;
    this.webContents.mainFrame.origin = `${url.slice(0, url.indexOf(':'))}://${origin}`;
    await this.page.exposeBinding(ends.send, ({ frame }, channel: string, args: unknown[]) => {
      const main = frame === this.page.mainFrame();
      const senderFrame = main ? this.webContents.mainFrame : { origin: frame.url(), url: frame.url() };
      this.#ipc.emit(channel, { sender: this.webContents, senderFrame }, ...args);
    });
    const script = readFileSync(preload, 'utf8');
    await this.page.addInitScript(`(${rendererSide.toString()})(${JSON.stringify(ends)}, ${JSON.stringify(script)})`);
    await this.page.route('**/*', (route) => this.#answer(route));
    await this.page.goto(toPage(url));
    this.emit('ready-to-show');
  }

  async #answer(route: Route): Promise<void> {
    const url = toApp(route.request().url());
    const handler = this.#handlers.get(url.slice(0, url.indexOf(':')));
    const leaves = route.request().isNavigationRequest() && !this.webContents.mayNavigate(url);
    if (!handler || leaves) return route.abort('blockedbyclient');
    const response = await handler(new Request(url));
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }

  show(): void {
    this.visible = true;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  /** The person closes the window. */
  close(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.emit('closed');
  }
}
