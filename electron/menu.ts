import { type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import type { Command } from '../core/contract/commands.ts';
import type { MenuItem } from '../core/contract/messages.ts';
import { channels } from './channels.ts';
import { askOpenPath, askReplace, orShowError } from './dialogs.ts';
import { runCommand } from './session/commands.ts';
import type { Desk } from './session/desk.ts';

/**
 * The application menu: what needs a dialog of the desktop, and the window's own commands as the page offers them, each
 * group a menu. A chosen one is run by the page, which also says why it cannot be.
 */
export function installMenu(desk: Desk, window: BrowserWindow, items: readonly MenuItem[]): void {
  const open = (title: string, kind: 'launch' | 'snapshot', command: (path: string) => Command) => () =>
    void orShowError(title, async () => {
      const path = await askOpenPath(window, kind);
      if (path === null || (desk.session?.live && !(await askReplace(window, path)))) return null;
      return runCommand(desk, command(path));
    });
  const group = (name: string): MenuItemConstructorOptions[] =>
    items.filter((item) => item.group === name).map((item) => itemOf(item, window));
  const file: MenuItemConstructorOptions[] = [
    {
      label: 'Run Launch File…',
      click: open('Cannot run this launch file', 'launch', (path) => ({ do: 'launch-file', path })),
    },
    {
      label: 'Open Session…',
      accelerator: 'CmdOrCtrl+O',
      click: open('Cannot open this session', 'snapshot', (path) => ({ do: 'open', path })),
    },
    ...group('Session'),
    { type: 'separator' },
    { role: 'quit' },
  ];
  const template: MenuItemConstructorOptions[] = [
    { label: '&File', submenu: file },
    { role: 'editMenu' },
    ...['Go to', 'Time', 'Program'].map((name) => ({ label: `&${name}`, submenu: group(name) })),
    { role: 'viewMenu' },
    { label: '&Window', submenu: [...group('Window'), { type: 'separator' }, { role: 'minimize' }, { role: 'close' }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template.filter(({ submenu }) => !isEmpty(submenu))));
}

/** Before the page has offered its commands a menu of nothing would be there. */
const isEmpty = (submenu: MenuItemConstructorOptions['submenu']): boolean =>
  Array.isArray(submenu) && submenu.length === 0;

const names: Readonly<Record<string, string>> = { ArrowLeft: 'Left', ArrowRight: 'Right', ' ': 'Space' };

/** One command; its key is shown and stays the page's, where fields and dialogs have it first. */
function itemOf({ id, name, key }: MenuItem, window: BrowserWindow): MenuItemConstructorOptions {
  const click = (): void => window.webContents.send(channels.run, id);
  if (key === undefined) return { id, label: name, click };
  const accelerator = key
    .split(/\+(?=.)/)
    .map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join('+');
  return { id, label: name, accelerator, registerAccelerator: false, click };
}
