import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vite';
import base from '../vite.config.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The window over a synthetic session, as a page of its own: `npx vite build -c renderer/testing/vite.config.ts`. */
export default mergeConfig(
  base,
  defineConfig({
    root: here,
    build: { outDir: fileURLToPath(new URL('../../dist/renderer-testing', import.meta.url)) },
  }),
);
