/** Runs a program under Keyhole the way a person does, by `keyhole record`, and reads what it recorded. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LaunchFile } from '../../core/contract/launch.ts';
import type { RecordSummary } from '../../core/contract/record.ts';
import { EventLog } from '../../core/model/eventLog.ts';
import { openSnapshot } from '../../electron/session/snapshot.ts';
import { PATIENCE_MS } from './patience.ts';
import { recordings, replay } from './replay.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const cli = join(root, 'dist/cli.mjs');
const addon = join(root, 'build/native/keyhole.node');

export interface Recording {
  readonly summary: RecordSummary;
  /** The whole event log, out of the snapshot. */
  readonly log: EventLog;
  /** What the program wrote, stdout and stderr together. */
  readonly output: string;
}

/** What `keyhole` answered. */
export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line; an engine that hangs is killed and reported as such. */
export function keyhole(args: readonly string[], input = ''): Answer {
  for (const needed of [cli, addon]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing: build first (bin/keyhole --version builds it)`);
  }
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 28,
  });
  if (signal) throw new Error(`keyhole ${args.join(' ')} did not end; it had said:\n${stderr}`);
  return { status, stdout, stderr };
}

/** Runs `use` with a folder of its own, removed afterwards. */
export function withFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'keyhole-test-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Records one run of a launch file. In debug mode every stop is held to the kernel's own list, which a huge program
 * cannot afford. Throws with the program's output when the recording failed.
 */
export function recordFile(launchFile: string, flags: readonly string[] = [], debug = true): Recording {
  if (recordings !== undefined && flags.length === 0) {
    const answer = replay(recordings, JSON.parse(readFileSync(launchFile, 'utf8')));
    const recording = recordingOf(answer, answer.snapshot);
    if (recording.summary.keys !== 'hardware') throw new Error('made on emulated keys: this says nothing of real ones');
    return recording;
  }
  return withFolder((folder) => {
    const snapshot = join(folder, 'run.keyhole');
    const verify = debug ? ['--verify'] : [];
    const answer = keyhole(['record', '--launch', launchFile, '--json', ...verify, '-o', snapshot, ...flags]);
    return recordingOf(answer, snapshot);
  });
}

function recordingOf(answer: Answer, snapshot: string): Recording {
  if (answer.status !== 0) throw new Error(`the recording ended with ${answer.status}:\n${answer.stderr}`);
  const log = new EventLog();
  for (const batch of openSnapshot(snapshot).batches) log.append(batch);
  const summary = JSON.parse(answer.stdout) as RecordSummary;
  const differs = summary.findings.find((finding) => finding.class === 'model-differs');
  if (differs) throw new Error(`Keyhole's picture of the memory differs from the kernel's: ${differs.text}`);
  return { summary, log, output: answer.stderr };
}

/** Records one run of a launch given as a value; relative paths in it start in a folder of their own. */
export function record(launch: LaunchFile, debug = true): Recording {
  return withFolder((folder) => {
    const file = join(folder, 'launch.json');
    writeFileSync(file, JSON.stringify(launch));
    return recordFile(file, [], debug);
  });
}

/** The `name=0x…` lines a target printed. */
export function shown(output: string): ReadonlyMap<string, number> {
  return new Map([...output.matchAll(/^(\w+)=(0x[0-9a-f]+)$/gm)].map(([, name = '', value]) => [name, Number(value)]));
}
