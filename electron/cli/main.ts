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
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
    // A closed terminal (SIGHUP) ends the work as ^C does, so that what was recorded is still saved.
    for (const signal of signals) process.on(signal, callback);
    return () => {
      for (const signal of signals) process.off(signal, callback);
    };
  },
};

// Whoever reads our output may stop reading (`| head`): that is the end, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`keyhole: standard output: ${error.message}\n`);
  process.exit(1);
});

process.exitCode = await runCli(process.argv.slice(2), context);
