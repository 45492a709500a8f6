/** Recordings made elsewhere (in the guest with real keys), read instead of made. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of recordings that stand for running the launch files here; unset in ordinary runs. */
export const recordings = process.env.KEYHOLE_RECORDINGS;

/** The files of one recording: `NAME.keyhole`, `.json` (the summary), `.err` (what the program wrote), `.status`. */
export const recordingName = (launch: unknown): string =>
  createHash('sha256').update(JSON.stringify(launch)).digest('hex').slice(0, 16);

/** What `keyhole record` answered there for a launch. */
export function replay(
  folder: string,
  launch: unknown,
): { status: number; stdout: string; stderr: string; snapshot: string } {
  const path = (ending: string): string => join(folder, `${recordingName(launch)}.${ending}`);
  if (!existsSync(path('status'))) throw new Error(`no recording in ${folder} of ${JSON.stringify(launch)}`);
  return {
    status: Number(readFileSync(path('status'), 'utf8')),
    stdout: readFileSync(path('json'), 'utf8'),
    stderr: readFileSync(path('err'), 'utf8'),
    snapshot: path('keyhole'),
  };
}
