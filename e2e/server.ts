/** The browser host for a test: `keyhole serve` on a free port, ended with the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export class ServedKeyhole {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Starts the server with nothing launched; or by another command line that ends in it, like `bin/start`. */
  static async start(command = [process.execPath, 'dist/cli.mjs', 'serve', '--no-open']): Promise<ServedKeyhole> {
    const [program = '', ...args] = command;
    // Without a display the browser host serves and opens nothing.
    // What it remembers of launches is the test's, not the person's.
    const state = mkdtempSync(join(tmpdir(), 'keyhole-state-'));
    const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', XDG_STATE_HOME: state };
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    child.once('exit', () => rmSync(state, { recursive: true, force: true }));
    let complaint = '';
    child.stderr.on('data', (data) => {
      complaint += String(data);
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(line)?.[0];
      if (url !== undefined) return new ServedKeyhole(url, child);
    }
    throw new Error(`keyhole serve ended without an address: ${complaint}`);
  }

  /** Ends the server and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await gone;
  }
}
