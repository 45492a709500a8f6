import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ExampleInfo } from '../../core/contract/commands.ts';
import { loadLaunch } from './load-launch.ts';

/** The launch files of `examples/`, by folder and name. A file that is no launch file is left out. */
export function listExamples(folder: string): ExampleInfo[] {
  return subfolders(folder).flatMap((example) =>
    readdirSync(join(folder, example))
      .filter((name) => name.endsWith('.json'))
      .sort()
      .flatMap((name) => infoOf(join(folder, example), example, name)),
  );
}

function infoOf(folder: string, example: string, name: string): ExampleInfo[] {
  const path = join(folder, name);
  try {
    const { policy } = loadLaunch(path);
    const title = `${heading(folder) ?? example}: ${basename(name, '.json')}`;
    return [{ path, example, title, policy: typeof policy === 'string' ? policy : policy.name }];
  } catch {
    // Another kind of JSON may lie there (build output); a broken launch file is reported when it is launched.
    return [];
  }
}

const subfolders = (folder: string): string[] => {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // an installation without examples
  }
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
};

/** First heading of the folder's README, which is its title for people. */
function heading(folder: string): string | undefined {
  try {
    return /^#\s+(.+)$/m.exec(readFileSync(join(folder, 'README.md'), 'utf8'))?.[1]?.trim();
  } catch {
    return undefined;
  }
}
