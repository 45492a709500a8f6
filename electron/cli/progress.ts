import type { Session } from '../session/session.ts';
import type { CliContext } from './context.ts';
import { count } from './table.ts';

const EVERY_MS = 200;
/** Back to the start of the line, and clear it. */
const CLEAR = '\r\u001b[K';

/** A line that counts events while a person watches (a terminal); elsewhere only the program's output is passed on. */
export class Progress {
  readonly #out: CliContext['stderr'];
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #hint: string;
  readonly #start = performance.now();
  #shown = false;
  #midLine = false;

  constructor(out: CliContext['stderr'], session: Session, hint: string) {
    this.#out = out;
    this.#hint = hint;
    if (out.isTTY) this.#timer = setInterval(() => this.#show(session.log.rows), EVERY_MS);
  }

  /** Writes the program's own output, which the count must not mix with. */
  print(chunk: Buffer): void {
    this.#hide();
    this.#out.write(chunk);
    this.#midLine = chunk.at(-1) !== 10;
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#hide();
  }

  #show(rows: number): void {
    if (this.#midLine) return;
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(1);
    this.#out.write(`${CLEAR}keyhole: ${count(rows)} events, ${seconds} s; ${this.#hint}`);
    this.#shown = true;
  }

  #hide(): void {
    if (this.#shown) this.#out.write(CLEAR);
    this.#shown = false;
  }
}
