import { BrowserWindow, nativeTheme } from 'electron';
import { pageUrl } from './protocol.ts';

/** The main window: no Node in the page, its own world for the preload script, the sandbox on. */
export function createWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Keyhole',
    width: 1440,
    height: 900,
    minWidth: 1180,
    minHeight: 720,
    show: false,
    // The canvas tokens of the design, so that the first frame does not flash.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0b0e11' : '#dfe3e8',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(pageUrl);
  return window;
}
