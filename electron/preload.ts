/** The only bridge into the page: it can send requests, hear messages and ask where a dropped file lies. */
import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import type { Host, ToRenderer } from '../core/contract/messages.ts';
import { hostGlobal } from '../core/contract/transport.ts';
import { channels } from './channels.ts';

const host: Host = {
  send: (request) => ipcRenderer.send(channels.request, request),
  pathOf: (file) => webUtils.getPathForFile(file),
  onMessage(listener) {
    const handler = (_event: IpcRendererEvent, message: ToRenderer): void => listener(message);
    ipcRenderer.on(channels.message, handler);
    ipcRenderer.send(channels.attach);
    return () => ipcRenderer.removeListener(channels.message, handler);
  },
};

contextBridge.exposeInMainWorld(hostGlobal, host);
