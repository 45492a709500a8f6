import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EngineLaunch } from '../../../core/contract/launch.ts';
import { presets } from '../../../core/contract/policies.ts';
import { LogBuilder } from '../../../core/model/testing/logBuilder.ts';
import { appPaths } from '../paths.ts';

/** The repository, which is an application root too. */
export const repository = resolve(import.meta.dirname, '../../..');
export const testPaths = appPaths(repository);

/** A folder of the test's own, gone with the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyhole-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const launchOf = (program: string): EngineLaunch => ({
  program,
  args: [],
  env: [],
  cwd: '/',
  keys: 'auto',
  gates: 'program',
  compartments: [],
  policy: presets.split,
  rounding: 'padded',
  onFault: 'deliver',
  tracerPolicy: 'off',
  rseq: 'keep',
  pauseOn: [],
  input: 'empty',
  helper: '/nowhere',
});

/** A log of a short life: birth, main, end. */
export function shortLife(): LogBuilder {
  const log = new LogBuilder();
  log.pid = log.tid = 100;
  log.row('process-birth', {}, {});
  log.row('thread-birth', { cause: 'kernel' }, { name: 'target' });
  log.row('mark', { cause: 'program' }, { text: 'main' });
  log.row('thread-exit', { cause: 'program' });
  log.row('process-exit', { cause: 'program' }, { code: 0 });
  return log;
}
