import { type BrowserWindow, type IpcMainEvent, ipcMain } from 'electron';
import { z } from 'zod';
import type { MenuItem } from '../core/contract/messages.ts';
import { channels } from './channels.ts';
import { pageOrigin } from './protocol.ts';
import { answer } from './session/commands.ts';
import type { Desk } from './session/desk.ts';

const word = z.string().max(100);
const menuItems = z.array(z.object({ id: word, name: word, group: word, key: word.optional() })).max(100);

/** The one place where messages of a page enter the main process. Only the main frame of our window is heard. */
export class IpcManager {
  readonly #desk: Desk;
  readonly #window: BrowserWindow;
  readonly #onMenu: (items: readonly MenuItem[]) => void;
  #leave: () => void = () => {};

  constructor(desk: Desk, window: BrowserWindow, onMenu: (items: readonly MenuItem[]) => void) {
    this.#desk = desk;
    this.#window = window;
    this.#onMenu = onMenu;
    ipcMain.on(channels.menu, this.#onItems);
    ipcMain.on(channels.attach, this.#onAttach);
    ipcMain.on(channels.request, this.#onRequest);
  }

  dispose(): void {
    this.#leave();
    ipcMain.removeListener(channels.attach, this.#onAttach);
    ipcMain.removeListener(channels.request, this.#onRequest);
    ipcMain.removeListener(channels.menu, this.#onItems);
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

  /** What a page offers for the menu is shown as words and sent back as it came; anything else is left out. */
  #onItems = (event: IpcMainEvent, items: unknown): void => {
    const offered = this.#trusted(event) ? menuItems.safeParse(items) : null;
    if (offered?.success) this.#onMenu(offered.data);
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
