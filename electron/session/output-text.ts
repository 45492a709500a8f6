import { StringDecoder } from 'node:string_decoder';
import type { StreamName } from './output-pipe.ts';

/** What of a program's output is kept in the log; a program may write without end. */
const KEEP_BYTES = 4 << 20;

/** Turns chunks of the program's output into text for the log: whole characters, and not without bound. */
export class OutputText {
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  readonly #add: (stream: StreamName, text: string) => void;
  #kept = 0;

  constructor(add: (stream: StreamName, text: string) => void) {
    this.#add = add;
  }

  write(stream: StreamName, chunk: Buffer): void {
    if (this.#kept >= KEEP_BYTES) return;
    const kept = chunk.subarray(0, KEEP_BYTES - this.#kept);
    this.#kept += kept.length;
    this.#emit(stream, this.#decoders[stream].write(kept));
    if (this.#kept >= KEEP_BYTES) this.#emit(stream, `\n[Keyhole keeps the first ${KEEP_BYTES >> 20} MiB of output]\n`);
  }

  /** Half a character at the end is shown as such. */
  end(): void {
    this.#emit('stdout', this.#decoders.stdout.end());
    this.#emit('stderr', this.#decoders.stderr.end());
  }

  #emit(stream: StreamName, text: string): void {
    if (text !== '') this.#add(stream, text);
  }
}
