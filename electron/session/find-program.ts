import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { errorCode, UserError } from './errors.ts';

type Verdict = 'ok' | 'missing' | 'directory' | 'special' | 'not executable' | 'unreachable';

/**
 * The absolute path of the program to run: from `folders` first; a bare name then from PATH. The error names the
 * program, the reason and where it was looked for.
 */
export function findProgram(
  program: string,
  folders: readonly string[],
  path: string | undefined,
  where: string,
): string {
  const bare = !program.includes('/');
  const inPath = bare ? (path ?? '').split(delimiter).filter((folder) => isAbsolute(folder)) : [];
  const candidates = isAbsolute(program)
    ? [program]
    : [
        ...new Set([
          ...folders.map((folder) => resolve(folder, program)),
          ...inPath.map((folder) => join(folder, program)),
        ]),
      ];
  const verdicts = candidates.map((candidate) => ({ candidate, verdict: inspect(candidate) }));
  const found = verdicts.find(({ verdict }) => verdict === 'ok');
  if (found) return found.candidate;
  const near = verdicts.find(({ verdict }) => verdict !== 'missing');
  if (near) throw new UserError(`${where}: program: ${near.candidate}: ${reasons[near.verdict]}`, 1);
  const looked = [...folders, ...(bare ? ['PATH'] : [])].join(' and ');
  throw new UserError(
    `${where}: program: ${program}: no such program${isAbsolute(program) ? '' : ` (looked in ${looked})`}`,
    1,
  );
}

const reasons: Readonly<Record<Verdict, string>> = {
  ok: '',
  missing: 'no such program',
  directory: 'is a folder; must be an executable file',
  special: 'is not a regular file; must be an executable file',
  'not executable': 'not executable; must be a file with execute permission',
  unreachable: 'permission denied on the way to it',
};

function inspect(path: string): Verdict {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return 'directory';
    if (!stat.isFile()) return 'special';
    // Root may "access" any file; the kernel still wants one execute bit.
    if ((stat.mode & 0o111) === 0) return 'not executable';
    accessSync(path, constants.X_OK);
    return 'ok';
  } catch (thrown) {
    if (errorCode(thrown) === 'EACCES') return 'unreachable';
    return 'missing';
  }
}
