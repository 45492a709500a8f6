import { EventEmitter } from 'node:events';

/** `electron.ipcMain`. */
export class HarnessIpc extends EventEmitter {}
