import { type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import type { Command } from '../core/contract/commands.ts';
import { askOpenPath, orShowError } from './dialogs.ts';
import { runCommand } from './session/commands.ts';
import type { Desk } from './session/desk.ts';

/** The application menu. Its items send the same commands as the page; keys of single letters belong to the page. */
export function installMenu(desk: Desk, window: BrowserWindow): void {
  const run = (title: string, command: () => Command | null | Promise<Command | null>) => () =>
    void orShowError(title, async () => {
      const chosen = await command();
      return chosen && runCommand(desk, chosen);
    });
  const file: MenuItemConstructorOptions[] = [
    {
      label: 'Run Launch File…',
      click: run('Cannot run this launch file', async () => {
        const path = await askOpenPath(window, 'launch');
        return path === null ? null : { do: 'launch-file', path };
      }),
    },
    {
      label: 'Open Session…',
      accelerator: 'CmdOrCtrl+O',
      click: run('Cannot open this session', async () => {
        const path = await askOpenPath(window, 'snapshot');
        return path === null ? null : { do: 'open', path };
      }),
    },
    {
      label: 'Save Session…',
      accelerator: 'CmdOrCtrl+S',
      click: run('Cannot save this session', () => ({ do: 'save' })),
    },
    { type: 'separator' },
    { role: 'quit' },
  ];
  const program: MenuItemConstructorOptions[] = [
    { label: 'Pause', click: run('Cannot pause', () => ({ do: 'pause' })) },
    { label: 'Continue', click: run('Cannot continue', () => ({ do: 'continue' })) },
    { label: 'Kill', click: run('Cannot kill', () => ({ do: 'kill' })) },
  ];
  const template: MenuItemConstructorOptions[] = [
    { label: '&File', submenu: file },
    { role: 'editMenu' },
    { label: '&Program', submenu: program },
    { role: 'viewMenu' },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
