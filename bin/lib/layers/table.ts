/**
 * Who may import what: the one table. TypeScript and C++ alike, by longest matching folder.
 * Entries that end in `/` are folders of this repository; `node:` stands for all of Node; `std` for the C++
 * standard library, `system` for every other `<header>`, `computed` for a name known at run time only; anything else is a package or a header by name.
 */
export interface LayerRule {
  readonly from: string;
  readonly may: readonly string[];
}

/** Own folder is always allowed. */
export const typescriptLayers: readonly LayerRule[] = [
  { from: 'core/contract/', may: ['zod'] },
  { from: 'core/model/', may: ['core/contract/', 'zod'] },
  {
    from: 'renderer/',
    may: [
      'core/',
      'assets/',
      'docs/',
      'zod',
      'react',
      'react-dom',
      'zustand',
      'recharts',
      'lucide-react',
      'cmdk',
      '@tanstack/react-virtual',
      '@fontsource-variable/inter',
      '@fontsource-variable/jetbrains-mono',
    ],
  },
  // Build configuration, never part of the page.
  { from: 'renderer/vite.config.ts', may: ['node:', 'vite', '@vitejs/plugin-react'] },
  { from: 'renderer/testing/vite.config.ts', may: ['node:', 'vite', 'renderer/vite.config.ts'] },
  // The session is host-neutral: it knows neither Electron nor a server nor a command line.
  { from: 'electron/session/', may: ['core/', 'node:', 'zod', 'fflate', 'lossless-json', 'fastest-levenshtein'] },
  { from: 'electron/server/', may: ['core/', 'electron/session/', 'node:', 'zod', 'ws'] },
  {
    from: 'electron/cli/',
    may: ['core/', 'electron/session/', 'electron/server/', 'node:', 'zod', 'commander', 'fastest-levenshtein'],
  },
  { from: 'electron/', may: ['core/', 'electron/session/', 'node:', 'zod', 'electron'] },
  { from: 'native/targets/', may: ['core/', 'electron/session/', 'node:', 'vitest'] },
  { from: 'native/drive/', may: ['core/', 'electron/session/', 'native/targets/', 'node:', 'vitest'] },
  { from: 'examples/', may: ['core/', 'electron/session/', 'native/targets/', 'node:', 'vitest'] },
  { from: 'e2e/', may: ['core/', 'node:', '@playwright/test', '@axe-core/playwright'] },
  // Loads the built main process and preload script in place of Electron.
  { from: 'e2e/harness/', may: ['core/', 'node:', 'electron', '@playwright/test', 'computed'] },
  { from: 'bench/', may: ['core/', 'electron/session/', 'node:'] },
  {
    from: 'bench/window/',
    may: ['core/', 'electron/session/', 'electron/server/', 'node:', 'zod', 'esbuild', '@playwright/test'],
  },
  { from: 'bench/window/peer/', may: ['react-dom', 'recharts'] },
  { from: 'bin/', may: ['node:', 'oxc-parser', 'esbuild', 'vite'] },
  { from: 'bin/lib/package/', may: ['node:', '@electron/asar', 'fflate', 'electron/session/'] },
  { from: 'bin/lib/guest/', may: ['node:', 'esbuild', 'bin/lib/tests/', 'native/targets/', 'core/'] },
  { from: 'bin/lib/stress/', may: ['node:', 'core/'] },
  { from: 'bin/lib/run.mjs', may: ['node:', 'esbuild', 'computed'] },
  { from: 'core/', may: [] },
];

/** What a test file (`*.test.ts`, or a file in a `testing/` folder) may import beyond its layer. */
export const testExtras: readonly string[] = ['vitest', 'fast-check', 'node:'];

export const nativeLayers: readonly LayerRule[] = [
  { from: 'native/policy/', may: ['std'] },
  // The planner's JSON border: the one place in the policy that knows a format.
  { from: 'native/policy/plan_json', may: ['std', 'native/policy/', 'nlohmann/json.hpp'] },
  { from: 'native/policy/json_fields', may: ['std', 'native/policy/', 'nlohmann/json.hpp'] },
  { from: 'native/elf/', may: ['std', 'system', 'native/policy/'] },
  { from: 'native/tracee/', may: ['std', 'system', 'native/policy/'] },
  { from: 'native/keys/', may: ['std', 'system', 'native/policy/', 'native/tracee/'] },
  { from: 'native/symbols/', may: ['std', 'system', 'native/policy/', 'native/elf/', 'native/tracee/'] },
  {
    from: 'native/engine/',
    may: [
      'std',
      'system',
      'nlohmann/json.hpp',
      'native/policy/',
      'native/elf/',
      'native/tracee/',
      'native/keys/',
      'native/symbols/',
    ],
  },
  // A host in C++ for the sanitizers: everything but Node.
  {
    from: 'native/drive/',
    may: ['std', 'system', 'nlohmann/json.hpp', 'native/engine/', 'native/policy/'],
  },
  {
    from: 'native/fuzz/',
    may: ['std', 'system', 'native/policy/', 'native/elf/', 'native/tracee/', 'native/symbols/', 'native/engine/'],
  },
  {
    from: 'native/binding/',
    may: ['std', 'system', 'napi.h', 'nlohmann/json.hpp', 'native/engine/', 'native/elf/', 'native/policy/'],
  },
];

/** What a C++ test (`*_test.cc`, or a file in a `tests/` folder) may include beyond its layer. */
export const nativeTestExtras: readonly string[] = ['doctest/doctest.h', 'nlohmann/json.hpp'];

/** Folders with C or C++ outside the engine's layers: programs that are inspected, and the guest's first program. */
export const nativeFree: readonly string[] = ['native/targets/', 'examples/', 'bench/programs/', 'bin/lib/guest/'];

/** Headers that `system` never covers: they are allowed only where the table names them. */
export const namedHeaders: readonly string[] = ['napi.h', 'node_api.h', 'nlohmann/json.hpp', 'doctest/doctest.h'];
