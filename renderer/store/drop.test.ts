import { expect, it } from 'vitest';
import type { Command } from '../../core/contract/commands.ts';
import { openDropped } from './drop.ts';
import type { Store } from './store.ts';

/** A store as far as a drop needs it: the commands it sends are kept. */
function storeAt(path: string | null): { store: Store; sent: Command[] } {
  const sent: Command[] = [];
  const state = {
    pathOf: () => path,
    during: (_words: string, work: () => Promise<unknown>) => work(),
    command: async (command: Command) => void sent.push(command),
  };
  return { store: { getState: () => state } as unknown as Store, sent };
}

it('launches a launch file by its path where the host knows it, else by its text', async () => {
  const file = new File(['{"program": "/bin/true"}'], 'a.json');
  const electron = storeAt('/somebody/a.json');
  await openDropped(electron.store, file);
  expect(electron.sent).toEqual([{ do: 'launch-file', path: '/somebody/a.json' }]);
  const browser = storeAt(null);
  await openDropped(browser.store, file);
  expect(browser.sent).toEqual([{ do: 'launch', launch: { program: '/bin/true' } }]);
});

it('launches a program by its path, and says what a browser cannot', async () => {
  const file = new File(['\x7fELF'], 'dav1d');
  const electron = storeAt('/usr/bin/dav1d');
  await openDropped(electron.store, file);
  expect(electron.sent).toEqual([{ do: 'launch', launch: { program: '/usr/bin/dav1d' } }]);
  await expect(openDropped(storeAt(null).store, file)).rejects.toThrow(/dav1d: a browser does not tell/);
});

it('opens a snapshot, and names a file that is none', async () => {
  const { store, sent } = storeAt(null);
  await openDropped(store, new File(['x'], 'run.keyhole'));
  expect(sent).toMatchObject([{ do: 'open-bytes', name: 'run.keyhole' }]);
  await expect(openDropped(store, new File(['{'], 'a.json'))).rejects.toThrow(/^a.json: not JSON/);
  await openDropped(store, new File(['x'], 'RUN.KEYHOLE'));
  expect(sent).toHaveLength(2);
  await expect(openDropped(store, new File(['hello'], 'notes.txt'))).rejects.toThrow(/^notes.txt: neither a snapshot/);
  const folder = new File([], 'folder');
  folder.slice = () => ({ text: () => Promise.reject(new Error('NotFoundError')) }) as unknown as Blob;
  await expect(openDropped(store, folder)).rejects.toThrow(/^folder: cannot be read; a folder/);
});

it('names the file in what the session says of its text', async () => {
  const { store } = storeAt(null);
  Object.assign(store.getState(), { command: () => Promise.reject(new Error('launch: colour: unknown field')) });
  await expect(openDropped(store, new File(['{}'], 'a.json'))).rejects.toThrow(/^a.json: colour: unknown field/);
});
