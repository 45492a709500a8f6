import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { launchFileSchema } from '../../core/contract/launch.ts';
import { errorCode, messageOf, UserError } from './errors.ts';
import { explainLaunchIssues } from './explain-issue.ts';
import { parseJsonText } from './json-text.ts';

/** A launch file with its defaults filled in. */
export type CheckedLaunch = z.output<typeof launchFileSchema>;

/** No launch file of a person comes near this; it keeps a wrong path (a video, a core dump) from being read whole. */
const MAX_BYTES = 1 << 20;

/** Reads and checks a launch file. Every error is a UserError of one line that begins with `where`, the file's name. */
export function loadLaunch(file: string, where = file): CheckedLaunch {
  return checkLaunch(parseJsonText(readText(file, where), where), where);
}

/** Checks a launch given as a value; `where` begins the error line. */
export function checkLaunch(raw: unknown, where: string): CheckedLaunch {
  const parsed = launchFileSchema.safeParse(raw);
  if (!parsed.success) throw new UserError(`${where}: ${explainLaunchIssues(parsed.error.issues, raw)}`);
  const launch = parsed.data;
  rejectNul(launch, where);
  rejectSharedKeys(launch, where);
  return launch;
}

function readText(file: string, where: string): string {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_BYTES) throw new UserError(`${where}: too large for a launch file (${bytes.length} bytes)`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    const code = errorCode(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UserError(`${where}: no such launch file`);
    if (code === 'EISDIR') throw new UserError(`${where}: a folder; must be a launch file (JSON)`);
    if (code === 'EACCES') throw new UserError(`${where}: not readable`);
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new UserError(`${where}: not text in UTF-8`);
    throw new UserError(`${where}: ${messageOf(thrown)}`);
  }
}

/** A NUL would silently cut a string where the kernel reads it. */
function rejectNul(launch: CheckedLaunch, where: string): void {
  const fields: [string, string | undefined][] = [
    ['program', launch.program],
    ['cwd', launch.cwd],
    ...launch.args.map((arg, i): [string, string] => [`args[${i}]`, arg]),
    ...Object.entries(launch.env).map(([name, value]): [string, string] => [`env.${name}`, value]),
  ];
  const bad = fields.find(([, value]) => value?.includes('\0'));
  if (bad) throw new UserError(`${where}: ${bad[0]}: must be text without a NUL character`);
}

/** Each compartment has a key and a name of its own. */
function rejectSharedKeys(launch: CheckedLaunch, where: string): void {
  launch.compartments.forEach(({ key, name }, i) => {
    const earlier = launch.compartments.slice(0, i);
    const sameKey = earlier.find((c) => c.key === key);
    if (sameKey) {
      const free = Array.from({ length: 15 }, (_, k) => k + 1).filter(
        (k) => !launch.compartments.some((c) => c.key === k),
      );
      throw new UserError(
        `${where}: compartments[${i}].key: must be a key of its own (got ${key}, the key of "${sameKey.name}"; free are ${free.join(', ')})`,
      );
    }
    if (earlier.some((c) => c.name === name)) {
      throw new UserError(`${where}: compartments[${i}].name: must be a name of its own (got "${name}" twice)`);
    }
  });
}
