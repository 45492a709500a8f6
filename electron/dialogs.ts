import { basename, join } from 'node:path';
import { type BrowserWindow, dialog } from 'electron';
import { visible } from '../core/model/visible.ts';
import { messageOf } from './session/errors.ts';

const snapshots = [{ name: 'Keyhole snapshot', extensions: ['keyhole'] }];
const launches = [{ name: 'Launch file', extensions: ['json'] }];

/** Where to save, or null when the person thought better of it. */
export async function askSavePath(window: BrowserWindow, folder: string, suggested: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save session',
    defaultPath: join(folder, suggested),
    filters: snapshots,
  });
  return canceled || filePath === '' ? null : filePath;
}

/** A file of the given kind to open, or null. */
export async function askOpenPath(window: BrowserWindow, kind: 'snapshot' | 'launch'): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: kind === 'snapshot' ? 'Open session' : 'Run launch file',
    properties: ['openFile'],
    filters: kind === 'snapshot' ? snapshots : launches,
  });
  return canceled ? null : (filePaths[0] ?? null);
}

/** Whether a file may take the place of a program that runs. */
export async function askReplace(window: BrowserWindow, path: string): Promise<boolean> {
  const name = visible(basename(path));
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: `Open ${name}?`,
    detail:
      'The program that runs now is ended, or let go of if it was attached to. What was not saved of its log is gone.',
    buttons: ['Leave it', `Open ${name}`],
    defaultId: 1,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

/** Runs work that a menu item asked for; an error is shown, in its own words. */
export async function orShowError(title: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    dialog.showErrorBox(title, visible(messageOf(thrown)));
  }
}
