import { describe, expect, test } from 'vitest';
import { layerViolations, nativeIncludes, typescriptImports } from './check.ts';

const violations = (path: string, text: string, ...more: { path: string; text: string }[]) =>
  layerViolations([{ path, text }, ...more]).map((one) => `${one.line} ${one.text}`);

describe('TypeScript layers', () => {
  test('a model that imports the renderer, Node or React is refused, with its line', () => {
    const text = "import { z } from 'zod';\nimport { page } from '../../renderer/store/page.ts';\nimport 'node:fs';\n";
    expect(violations('core/model/regions.ts', text)).toEqual([
      '2 core/model/ may not import ../../renderer/store/page.ts',
      '3 core/model/ may not import node:fs',
    ]);
  });

  test.each([
    ['core/contract/x.ts', "import type { A } from '../model/a.ts';"],
    ['core/contract/x.ts', "import { useMemo } from 'react';"],
    ['renderer/views/x.tsx', "import { app } from 'electron';"],
    ['renderer/views/x.tsx', "import { Session } from '../../electron/session/session.ts';"],
    ['renderer/views/x.tsx', "export * from 'node:path';"],
    ['electron/main.ts', "import { store } from '../renderer/store/store.ts';"],
    ['electron/session/x.ts', "import { app } from 'electron';"],
    ['electron/session/x.ts', "import { serve } from '../server/serve.ts';"],
    ['core/model/x.ts', "const fs = await import('node:fs');"],
    ['core/model/x.ts', 'const x = await import(name);'],
    ['core/model/x.ts', "type T = import('react').ReactNode;"],
    ['core/model/x.ts', "export { b } from '../../native/binding/x.ts';"],
    ['surprise/x.ts', 'export const x = 1;'],
  ])('%s may not hold %s', (path, text) => {
    expect(violations(path, text)).toHaveLength(1);
  });

  test.each([
    ['core/contract/x.ts', "import { z } from 'zod';\nimport type { Addr } from './ids.ts';"],
    ['core/model/sub/x.ts', "import { hex } from '../../contract/ids.ts';\nimport { log } from '../log.ts';"],
    ['core/model/x.test.ts', "import { test } from 'vitest';\nimport fc from 'fast-check';"],
    ['renderer/main.tsx', "import { createRoot } from 'react-dom/client';\nimport '../assets/mark.svg?url';"],
    ['electron/main.ts', "import { app } from 'electron';\nimport { open } from './session/open.ts';"],
  ])('%s may hold its imports', (path, text) => {
    expect(violations(path, text)).toEqual([]);
  });

  test('every form of import is seen', () => {
    const text = `import a from 'a'; import type b from 'b'; export { c } from 'c'; export * from 'd';
      const e = await import('e'); type F = import('f').F; const g = require('g'); import 'h';`;
    const names = typescriptImports({ path: 'x.ts', text }).map((one) => one.name);
    expect(names.sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  });
});

describe('C++ layers', () => {
  test.each([
    ['native/policy/plan_tls.cc', '#include <sys/mman.h>'],
    ['native/policy/plan_tls.cc', '#include <nlohmann/json.hpp>'],
    ['native/policy/plan_tls.cc', '#include "tracee/memory.h"'],
    ['native/elf/x.cc', '#include "../tracee/memory.h"'],
    ['native/tracee/x.cc', '#include "keys/backend.h"'],
    ['native/engine/x.cc', '#include <napi.h>'],
    ['native/engine/x.cc', '#include "binding/addon.h"'],
    ['native/binding/x.cc', '#include "keys/backend.h"'],
    ['native/policy/plan_tls.cc', '#include <doctest/doctest.h>'],
    ['native/other/x.cc', '#include <vector>'],
  ])('%s may not hold %s', (path, text) => {
    expect(violations(path, text)).toHaveLength(1);
  });

  test.each([
    ['native/policy/plan_json.cc', '#include <nlohmann/json.hpp>\n#include "policy/plan_tls.h"'],
    ['native/policy/plan_tls_test.cc', '#include <doctest/doctest.h>\n#include "plan_tls.h"'],
    ['native/policy/tests/cases.h', '#include "policy/plan_tls.h"\n#include <doctest/doctest.h>'],
    ['native/keys/x.cc', '#include <sys/ptrace.h>\n#include "tracee/memory.h"\n#include "../policy/types.h"'],
    ['native/binding/x.cc', '#include <napi.h>\n#include "engine/engine.h"'],
    ['native/targets/fork.c', '#include <sys/wait.h>'],
  ])('%s may hold its includes', (path, text) => {
    expect(violations(path, text)).toEqual([]);
  });

  test('a quoted header beside the file is its own, not the one of another folder', () => {
    const beside = { path: 'native/policy/elf/x.h', text: '' };
    expect(violations('native/policy/y.cc', '#include "elf/x.h"', beside)).toEqual([]);
    expect(violations('native/policy/y.cc', '#include "elf/x.h"')).toHaveLength(1);
  });

  test('includes are found whatever the spacing', () => {
    const text = '  #  include <vector>\n#include"a.h"\n// #include <not>\n';
    expect(nativeIncludes({ path: 'a.cc', text }).map((one) => one.name)).toEqual(['vector', '"a.h"']);
  });
});
