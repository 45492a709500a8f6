/** The only bridge into the page: it can send requests, hear messages, offer commands for the menu and ask where a dropped file lies. */
import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import type { Host, ToRenderer } from '../core/contract/messages.ts';
import { hostGlobal } from '../core/contract/transport.ts';
import { channels } from './channels.ts';

const host: Host = {
  send: (request) => ipcRenderer.send(channels.request, request),
  pathOf: (file) => webUtils.getPathForFile(file),
  menu(items, run) {
    const handler = (_event: IpcRendererEvent, id: string): void => run(id);
    ipcRenderer.on(channels.run, handler);
    ipcRenderer.send(channels.menu, items);
    return () => ipcRenderer.removeListener(channels.run, handler);
  },
  onMessage(listener) {
    const handler = (_event: IpcRendererEvent, message: ToRenderer): void => listener(message);
    ipcRenderer.on(channels.message, handler);
    ipcRenderer.send(channels.attach);
    return () => ipcRenderer.removeListener(channels.message, handler);
  },
};

contextBridge.exposeInMainWorld(hostGlobal, host);
