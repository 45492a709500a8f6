import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from './errors.ts';

/** Where the parts of an installed or built Keyhole lie. */
export interface AppPaths {
  readonly root: string;
  readonly version: string;
  readonly addon: string;
  readonly helper: string;
  readonly renderer: string;
  readonly preload: string;
  readonly examples: string;
}

const packageJson = z.object({ name: z.literal('keyhole'), version: z.string() });

/**
 * The parts under an application root. Packed into an archive (`…/resources/app.asar`), the native parts and the
 * examples lie beside the archive: the kernel can execute neither out of it.
 */
export function appPaths(root: string): AppPaths {
  const packed = root.endsWith('.asar');
  const outside = packed ? dirname(root) : root;
  const native = packed ? join(outside, 'native') : join(outside, 'build', 'native');
  return {
    root,
    version: packageJson.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version,
    addon: join(native, 'keyhole.node'),
    helper: join(native, 'keyhole-launch'),
    renderer: join(root, 'dist', 'renderer'),
    preload: join(root, 'dist', 'electron', 'preload.cjs'),
    examples: join(outside, 'examples'),
  };
}

/** The nearest folder at or above `from` that holds Keyhole's package.json. */
export function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && packageJson.safeParse(JSON.parse(readFileSync(file, 'utf8'))).success) return folder;
    if (dirname(folder) === folder) throw new UserError(`${from}: not inside a Keyhole folder (no package.json)`, 1);
  }
}
