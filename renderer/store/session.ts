import type { Command, ExampleInfo, ProcessInfo, RecentLaunch } from '../../core/contract/commands.ts';
import type { LaunchFile } from '../../core/contract/launch.ts';
import type { PresetName } from '../../core/contract/policies.ts';
import type { SaveReply } from '../../core/contract/transport.ts';
import { finishSave, toBase64 } from './files.ts';
import type { Store } from './store.ts';

/** The commands of the session, typed by what they answer. Each throws an Error with words for the person. */

export const listExamples = async (store: Store): Promise<readonly ExampleInfo[]> =>
  (await store.getState().command({ do: 'examples' })) as readonly ExampleInfo[];

export const listRecent = async (store: Store): Promise<readonly RecentLaunch[]> =>
  (await store.getState().command({ do: 'recent' })) as readonly RecentLaunch[];

export async function launchFile(store: Store, path: string, policy?: PresetName): Promise<void> {
  await store.getState().command({ do: 'launch-file', path, ...(policy ? { policy } : {}) });
}

export async function launchProgram(store: Store, launch: LaunchFile): Promise<void> {
  // The session checks it, with errors that name the field.
  await store.getState().command({ do: 'launch', launch } as Command);
}

/**
 * What was launched in this session, once more, under another policy if one is given: by its launch file, else as it was
 * typed. Throws where nobody remembers it, as of a program that was attached to.
 */
export async function runAgain(store: Store, policy?: PresetName): Promise<void> {
  const { source } = store.getState();
  if (source.kind !== 'live') throw new Error('nothing was launched in this session');
  if (source.launchPath !== null) return launchFile(store, source.launchPath, policy);
  const typed = (await listRecent(store)).find(({ path, title }) => path === null && title === source.title)?.launch;
  if (!typed) throw new Error(`how ${source.title} was started is not remembered: start it from a new session`);
  return launchProgram(store, policy ? { ...typed, policy } : typed);
}

export const listProcesses = async (store: Store): Promise<readonly ProcessInfo[]> =>
  (await store.getState().command({ do: 'processes' })) as readonly ProcessInfo[];

export async function attachTo(store: Store, pid: number): Promise<void> {
  await store.getState().command({ do: 'attach', pid });
}

export async function openSnapshot(store: Store, file: File): Promise<void> {
  const { during, command } = store.getState();
  // A large file takes its time before it is sent, too.
  await during(`Opening ${file.name}…`, async () => {
    const base64 = toBase64(new Uint8Array(await file.arrayBuffer()));
    await command({ do: 'open-bytes', name: file.name, base64 });
  });
}

/** Answers what to tell the person; null when they thought better of it. */
export const saveSnapshot = async (store: Store): Promise<string | null> =>
  finishSave((await store.getState().command({ do: 'save' })) as SaveReply);

export async function control(
  store: Store,
  what: 'pause' | 'continue' | 'kill' | 'detach' | 'revert' | 'close',
): Promise<void> {
  await store.getState().command({ do: what });
}
