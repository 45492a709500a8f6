/** The command line's entry point: puts the real process into a context and runs. */
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Native } from '../../core/contract/engine.ts';
import { loadNative } from '../session/native.ts';
import { appPaths, findRoot } from '../session/paths.ts';
import type { CliContext } from './context.ts';
import { runCli } from './program.ts';

const paths = appPaths(findRoot(dirname(realpathSync(process.argv[1] ?? '.'))));
let native: Native | undefined;

const context: CliContext = {
  paths,
  cwd: process.cwd(),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  native() {
    native ??= loadNative(paths);
    return native;
  },
  onInterrupt(callback) {
    process.on('SIGINT', callback).on('SIGTERM', callback);
    return () => process.off('SIGINT', callback).off('SIGTERM', callback);
  },
};

// Whoever reads our output may stop reading (`| head`): that is the end, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runCli(process.argv.slice(2), context);
