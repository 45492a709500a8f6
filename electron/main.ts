/** Keyhole in Electron: one window over one desk. Everything that happens to the program is in `session/`. */
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { askSavePath } from './dialogs.ts';
import { IpcManager } from './ipc.ts';
import { lockDown } from './lockdown.ts';
import { installMenu } from './menu.ts';
import { registerScheme, servePage } from './protocol.ts';
import { Desk } from './session/desk.ts';
import { messageOf } from './session/errors.ts';
import { loadNative } from './session/native.ts';
import { appPaths } from './session/paths.ts';
import { RecentLaunches } from './session/recent.ts';
import { startWith } from './session/start-with.ts';
import { createWindow } from './window.ts';

app.enableSandbox();
registerScheme();

/** What the person named on the command line: a launch file or a snapshot. Flags are Chromium's. */
const argument = (): string | undefined =>
  process.argv.slice(app.isPackaged ? 1 : 2).find((word) => word !== '' && !word.startsWith('-'));

function open(): void {
  const paths = appPaths(app.getAppPath());
  const native = loadNative(paths);
  lockDown();
  servePage(paths.renderer);
  const window = createWindow(paths.preload);
  const desk = new Desk({
    native,
    paths,
    host: 'electron',
    cwd: process.cwd(),
    env: process.env,
    recent: new RecentLaunches(join(app.getPath('userData'), 'recent.json')),
    chooseSavePath: (suggested) => askSavePath(window, app.getPath('documents'), suggested),
  });
  const ipc = new IpcManager(desk, window, (items) => installMenu(desk, window, items));
  installMenu(desk, window, []);
  window.once('closed', () => {
    ipc.dispose();
    desk.dispose();
  });
  app.once('will-quit', () => desk.dispose());
  const file = argument();
  if (file !== undefined) startWith(desk, file);
}

app.on('window-all-closed', () => app.quit());
app
  .whenReady()
  .then(open)
  .catch((thrown: unknown) => {
    dialog.showErrorBox('Keyhole cannot start', messageOf(thrown));
    app.exit(1);
  });
