import { type BrowserWindow, type IpcMainEvent, ipcMain } from 'electron';
import { channels } from './channels.ts';
import { pageOrigin } from './protocol.ts';
import { answer } from './session/commands.ts';
import type { Desk } from './session/desk.ts';

/** The one place where messages of a page enter the main process. Only the main frame of our window is heard. */
export class IpcManager {
  readonly #desk: Desk;
  readonly #window: BrowserWindow;
  #leave: () => void = () => {};

  constructor(desk: Desk, window: BrowserWindow) {
    this.#desk = desk;
    this.#window = window;
    ipcMain.on(channels.attach, this.#onAttach);
    ipcMain.on(channels.request, this.#onRequest);
  }

  dispose(): void {
    this.#leave();
    ipcMain.removeListener(channels.attach, this.#onAttach);
    ipcMain.removeListener(channels.request, this.#onRequest);
  }

  #send(message: unknown): void {
    if (!this.#window.isDestroyed()) this.#window.webContents.send(channels.message, message);
  }

  /** A page attaches when it loads, so a reload hears the whole log again. */
  #onAttach = (event: IpcMainEvent): void => {
    if (!this.#trusted(event)) return;
    this.#leave();
    this.#leave = this.#desk.attach((message) => this.#send(message));
  };

  #onRequest = async (event: IpcMainEvent, request: unknown): Promise<void> => {
    if (!this.#trusted(event)) return;
    const reply = await answer(this.#desk, request);
    if (reply) this.#send(reply);
  };

  #trusted(event: IpcMainEvent): boolean {
    const { senderFrame } = event;
    return (
      event.sender === this.#window.webContents &&
      senderFrame === this.#window.webContents.mainFrame &&
      senderFrame.origin === pageOrigin
    );
  }
}
