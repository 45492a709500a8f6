// Builds dist/: the renderer by Vite, the Electron main process, its preload script and the CLI by esbuild.
// Everything is built beside dist/ first and then moved into place, so that a running Keyhole never sees half a build.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { build as buildPage } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
const next = join(root, 'build/dist.next');
const dist = join(root, 'dist');

/** @typedef {{ from: string, to: string, format: 'cjs' | 'esm' }} Bundle */

/**
 * What dist/ holds: entry point, bundle, module format. The preload script has to be CommonJS (sandbox).
 * @type {Bundle[]}
 */
const bundles = [
  { from: 'electron/main.ts', to: 'electron/main.cjs', format: 'cjs' },
  { from: 'electron/preload.ts', to: 'electron/preload.cjs', format: 'cjs' },
  { from: 'electron/cli/main.ts', to: 'cli.mjs', format: 'esm' },
];

/** Packages written as CommonJS call `require` for Node's own modules, which a module bundle has to be given. */
const requireInModule = "import { createRequire as _r } from 'node:module'; const require = _r(import.meta.url);";

/** @param {Bundle} bundle */
const buildBundle = ({ from, to, format }) =>
  bundle({
    entryPoints: [join(root, from)],
    outfile: join(next, to),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format,
    external: ['electron', '*.node'],
    sourcemap: 'linked',
    logLevel: 'warning',
    ...(format === 'esm' ? { banner: { js: requireInModule } } : {}),
  });

const buildRenderer = () =>
  buildPage({
    configFile: join(root, 'renderer/vite.config.ts'),
    build: { outDir: join(next, 'renderer'), emptyOutDir: true },
    logLevel: 'warn',
  });

/**
 * Moves one file or folder of the new build into dist/; a folder that is there makes way first.
 * @param {string} name
 */
const install = (name) => {
  const old = join(root, 'build/dist.old');
  rmSync(old, { recursive: true, force: true });
  mkdirSync(dirname(join(dist, name)), { recursive: true });
  if (existsSync(join(dist, name))) renameSync(join(dist, name), old);
  renameSync(join(next, name), join(dist, name));
  rmSync(old, { recursive: true, force: true });
};

// Whatever the shell says: Vite would take React's development half, which the page's JSX runtime does not have.
process.env.NODE_ENV = 'production';
rmSync(next, { recursive: true, force: true });
await Promise.all([...bundles.map(buildBundle), buildRenderer()]);
for (const name of readdirSync(next)) install(name);
