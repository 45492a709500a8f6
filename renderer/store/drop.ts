/** What a person drops on the window: a snapshot, a launch file or a program, by what it is called and holds. */
import { launchFile, launchProgram, openSnapshot } from './session.ts';
import type { Store } from './store.ts';

/** No launch file of a person comes near this. */
const MOST_TEXT = 1 << 20;

/** Opens or launches it. Throws an Error with words for the person. */
export async function openDropped(store: Store, file: File): Promise<void> {
  const name = file.name.toLowerCase();
  if (name.endsWith('.keyhole')) return openSnapshot(store, file);
  // Only Electron tells where a file lies.
  const path = store.getState().pathOf(file);
  if (name.endsWith('.json')) {
    if (path !== null) return launchFile(store, path);
    return launchText(store, file);
  }
  if (path === null) throw new Error(`${file.name}: ${await refusal(file)}`);
  return launchProgram(store, { program: path });
}

/** The session calls what it gets a launch; the person knows it by the file's name. */
async function launchText(store: Store, file: File): Promise<void> {
  try {
    await launchProgram(store, launchOf(file.name, await textOf(file)));
  } catch (error) {
    throw error instanceof Error ? new Error(error.message.replace(/^launch: /, `${file.name}: `)) : error;
  }
}

/** Why something that is no snapshot and no launch file cannot be run from here. */
async function refusal(file: File): Promise<string> {
  const begin = await file
    .slice(0, 4)
    .text()
    .catch(() => null);
  if (begin === null) return 'cannot be read; a folder cannot be opened';
  if (begin.startsWith('\x7fELF') || begin.startsWith('#!'))
    return 'a browser does not tell where a program lies; type its path instead';
  return 'neither a snapshot (.keyhole) nor a launch file (.json) nor a program';
}

async function textOf(file: File): Promise<string> {
  if (file.size > MOST_TEXT) throw new Error(`${file.name}: too large for a launch file (${file.size} bytes)`);
  return file.text();
}

function launchOf(name: string, text: string): { program: string } {
  try {
    // The session checks it, with errors that name the field.
    return JSON.parse(text) as { program: string };
  } catch (error) {
    throw new Error(`${name}: not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
