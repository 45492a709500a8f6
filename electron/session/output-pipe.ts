import { Socket } from 'node:net';

export type StreamName = 'stdout' | 'stderr';

/** Reads one of the program's output pipes to its end. Owns the descriptor. */
export class OutputPipe {
  /** Resolves when everything that was written has been read. Never rejects. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;

  constructor(fd: number, onChunk: (chunk: Buffer) => void) {
    this.#socket = new Socket({ fd, readable: true, writable: false });
    this.#socket.on('data', onChunk);
    this.ended = new Promise((resolve) => {
      // An error ends the pipe too; 'close' follows it.
      this.#socket.on('error', () => {});
      this.#socket.on('close', () => resolve());
    });
  }

  dispose(): void {
    this.#socket.destroy();
  }
}
