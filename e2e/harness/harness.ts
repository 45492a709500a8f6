/** Runs the real main process bundle and preload bundle against a stand-in `electron`, with a Playwright page as the window. */
import { mkdtempSync, rmSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { BrowserWindowConstructorOptions } from 'electron';
import { HarnessApp } from './app.ts';
import { HarnessDialogs } from './dialogs.ts';
import { HarnessIpc } from './ipc.ts';
import { HarnessMenu } from './menu.ts';
import { strict } from './strict.ts';
import { type HarnessContents, HarnessWindow } from './window.ts';

type PermissionHandler = (contents: unknown, permission: string, decide: (allowed: boolean) => void) => void;
type Loader = (request: string, ...rest: unknown[]) => unknown;

const started = 60_000;

export class ElectronHarness {
  readonly app: HarnessApp;
  readonly dialogs = new HarnessDialogs();
  readonly menu = new HarnessMenu();
  readonly schemes: { scheme: string; privileges?: object }[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'keyhole-electron-'));
  readonly #ipc = new HarnessIpc();
  readonly #handlers = new Map<string, (request: Request) => Response | Promise<Response>>();
  readonly #page: Page;
  #window: HarnessWindow | null = null;
  #permission: PermissionHandler = (_contents, _permission, decide) => decide(true);

  private constructor(page: Page, root: string) {
    this.#page = page;
    this.app = new HarnessApp(root, this.#folder);
  }

  /** Starts the application as `electron ROOT ARGS…` would; resolves when its page is loaded. */
  static async start(page: Page, args: readonly string[] = []): Promise<ElectronHarness> {
    const root = process.cwd();
    console.log('Electron harness: real main.cjs and preload.cjs over a stand-in `electron`; this is not Electron.');
    const harness = new ElectronHarness(page, root);
    const argv = process.argv;
    process.argv = ['electron', root, ...args];
    try {
      harness.#load(join(root, 'dist/electron/main.cjs'));
      harness.app.becomeReady();
      await (await harness.#opened()).loaded;
    } finally {
      process.argv = argv;
    }
    return harness;
  }

  get window(): HarnessWindow {
    if (!this.#window) throw new Error('main has opened no window');
    return this.#window;
  }

  /** Where a file of the application's own folder lies. */
  userFile(name: string): string {
    return join(this.#folder, name);
  }

  /** What main answers when a page asks for a permission. */
  permits(permission: string): boolean {
    let allowed = false;
    this.#permission(this.window.webContents, permission, (decision) => {
      allowed = decision;
    });
    return allowed;
  }

  /** The person closes the window; the application ends. */
  close(): void {
    this.#window?.close();
    this.app.emit('window-all-closed');
    this.app.removeAllListeners();
    this.#ipc.removeAllListeners();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Loads a fresh copy of the bundle with `electron` resolved to this harness. */
  #load(bundle: string): void {
    const modules = Module as unknown as { _load: Loader; _cache: Record<string, unknown> };
    const original = modules._load;
    const electron = this.#electron();
    modules._load = function load(request, ...rest) {
      return request === 'electron' ? electron : Reflect.apply(original, this, [request, ...rest]);
    };
    try {
      delete modules._cache[bundle];
      modules._load(bundle, null, false);
    } finally {
      modules._load = original;
    }
  }

  async #opened(): Promise<HarnessWindow> {
    for (const end = Date.now() + started; Date.now() < end; ) {
      const [error] = this.dialogs.errors;
      if (error) throw new Error(`${error.title}: ${error.text}`);
      if (this.#window) return this.#window;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('main opened no window');
  }

  #electron(): object {
    const harness = this;
    /** `new BrowserWindow(options)`; the harness has one page, so there is one window. */
    class BrowserWindow extends HarnessWindow {
      constructor(options: BrowserWindowConstructorOptions) {
        super(harness.#page, options, harness.#ipc, harness.#handlers);
        harness.#window = this;
        const contents: HarnessContents = this.webContents;
        harness.app.emit('web-contents-created', {}, contents);
      }
    }
    return strict('electron', {
      app: strict('app', this.app),
      BrowserWindow,
      ipcMain: this.#ipc,
      Menu: strict('Menu', this.menu),
      dialog: strict('dialog', this.dialogs),
      nativeTheme: strict('nativeTheme', { shouldUseDarkColors: false }),
      protocol: strict('protocol', {
        registerSchemesAsPrivileged: (schemes: typeof this.schemes) => void this.schemes.push(...schemes),
        handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) =>
          void this.#handlers.set(scheme, handler),
      }),
      session: strict('session', {
        defaultSession: strict('defaultSession', {
          setPermissionRequestHandler: (handler: PermissionHandler) => {
            this.#permission = handler;
          },
          setPermissionCheckHandler: () => {},
        }),
      }),
    });
  }
}
