// Runs one of the house's TypeScript tools on plain Node: node bin/lib/run.mjs FILE.ts [ARGS…]
import { rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [named = '', ...args] = process.argv.slice(2);
const file = resolve(named);
const outfile = join(root, 'build/tools', `${relative(root, file).replaceAll('/', '-')}.${process.pid}.mjs`);
await build({ entryPoints: [file], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
process.argv = [process.argv[0] ?? 'node', file, ...args];
try {
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(outfile, { force: true });
}
