import { PassThrough, Readable } from 'node:stream';
import type { Native } from '../../../core/contract/engine.ts';
import { testPaths } from '../../session/testing/scene.ts';
import type { CliContext } from '../context.ts';
import { runCli } from '../program.ts';

export interface CliResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, with a native addon and input of the test's own. */
export async function runKeyhole(
  args: readonly string[],
  given: { native: Native; cwd?: string; stdin?: string; onInterrupt?: CliContext['onInterrupt'] },
): Promise<CliResult> {
  const stdout = collect();
  const stderr = collect();
  const status = await runCli(args, {
    paths: testPaths,
    cwd: given.cwd ?? '/',
    env: { PATH: '/usr/bin:/bin' },
    stdin: Readable.from([given.stdin ?? '']),
    stdout: stdout.stream,
    stderr: stderr.stream,
    native: () => given.native,
    onInterrupt: given.onInterrupt ?? (() => () => {}),
  });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

function collect() {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
