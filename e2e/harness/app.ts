import { EventEmitter } from 'node:events';

/** `electron.app`: one application from start to quit. */
export class HarnessApp extends EventEmitter {
  readonly isPackaged = false;
  /** Set by `exit`: main could not start. */
  exitCode: number | null = null;
  sandboxed = false;
  readonly #root: string;
  readonly #folder: string;
  #ready: () => void = () => {};
  readonly #whenReady = new Promise<void>((resolve) => {
    this.#ready = resolve;
  });

  constructor(root: string, folder: string) {
    super();
    this.#root = root;
    this.#folder = folder;
  }

  whenReady(): Promise<void> {
    return this.#whenReady;
  }

  /** For the harness: Electron has started. */
  becomeReady(): void {
    this.#ready();
  }

  enableSandbox(): void {
    this.sandboxed = true;
  }

  getAppPath(): string {
    return this.#root;
  }

  /** Every folder of the person's is the test's own. */
  getPath(_name: string): string {
    return this.#folder;
  }

  quit(): void {
    this.emit('before-quit', { preventDefault() {} });
    this.emit('will-quit', { preventDefault() {} });
  }

  exit(code: number): void {
    this.exitCode = code;
  }
}
