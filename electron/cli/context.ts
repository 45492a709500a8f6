import type { Native } from '../../core/contract/engine.ts';
import type { AppPaths } from '../session/paths.ts';

/** What a command works with; tests bring their own. */
export interface CliContext {
  readonly paths: AppPaths;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Loads the engine when it is first needed; throws a UserError when it is not built. */
  native(): Native;
  /** Calls back at each ^C (or SIGTERM, or a closed terminal) until the returned function is called. */
  onInterrupt(callback: () => void): () => void;
}
