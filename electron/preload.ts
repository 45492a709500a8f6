/** The only bridge into the page: it can send requests and hear messages, and nothing else. */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { Host, ToRenderer } from '../core/contract/messages.ts';
import { hostGlobal } from '../core/contract/transport.ts';
import { channels } from './channels.ts';

const host: Host = {
  send: (request) => ipcRenderer.send(channels.request, request),
  onMessage(listener) {
    const handler = (_event: IpcRendererEvent, message: ToRenderer): void => listener(message);
    ipcRenderer.on(channels.message, handler);
    ipcRenderer.send(channels.attach);
    return () => ipcRenderer.removeListener(channels.message, handler);
  },
};

contextBridge.exposeInMainWorld(hostGlobal, host);
