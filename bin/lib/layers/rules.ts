/** House rules that are not imports: length of files, a README in every folder, nothing that ties us to one machine. */
import { posix } from 'node:path';
import type { SourceFile, Violation } from './check.ts';

export const LINE_LIMIT = 400;

const isCode = (path: string): boolean => /\.(tsx?|mjs|cjs|js|css|html|cc|cpp|c|h|hpp|S|sh|py)$/.test(path);

/** Code files past the limit. */
export const longFiles = (files: readonly SourceFile[]): Violation[] =>
  files
    .filter((file) => isCode(file.path) || file.text.startsWith('#!'))
    .map((file) => ({ path: file.path, line: file.text.replace(/\n$/, '').split('\n').length }))
    .filter(({ line }) => line > LINE_LIMIT)
    .map(({ path, line }) => ({ path, line, text: `${line} lines; the limit is ${LINE_LIMIT}` }));

/** Folders without a README.md. Dot folders and golden data need none. */
export const foldersWithoutReadme = (files: readonly SourceFile[]): Violation[] => {
  const paths = new Set(files.map((file) => file.path));
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) folders.add(folder);
  }
  return [...folders]
    .filter((folder) => !/(^|\/)(\.[^/]+|golden)(\/|$)/.test(folder))
    .filter((folder) => !paths.has(`${folder}/README.md`))
    .sort()
    .map((path) => ({ path, line: 1, text: 'the folder has no README.md' }));
};

// Written in pieces, so that this file does not name them itself.
const registryHosts = [
  'registry.npm' + 'js.org',
  'registry.yarn' + 'pkg.com',
  'deb.deb' + 'ian.org',
  'npm.pkg.git' + 'hub.com',
];
const machinePaths = /(^|[\s"'`(=])\/(work|home|Users)\/[a-z]/m;

/** Names of registries and paths of somebody's machine. */
export const localNames = (files: readonly SourceFile[]): Violation[] =>
  files.flatMap((file) => {
    const found = registryHosts.filter((host) => file.text.includes(host)).map((host) => `names the registry ${host}`);
    if (machinePaths.test(file.text)) found.push("names a path of somebody's machine");
    return found.map((text) => ({ path: file.path, line: 1, text }));
  });
