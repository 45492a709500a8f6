/** The browser host for a test: `keyhole serve` on a free port, ended with the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class ServedKeyhole {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Starts the server, with a launch file or snapshot to begin with if one is given. */
  static async start(file?: string): Promise<ServedKeyhole> {
    const args = ['dist/cli.mjs', 'serve', '--no-open', ...(file === undefined ? [] : [file])];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
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
