/** The layer check: finds every import and include that the table does not allow. Pure; `main.ts` reads the files. */
import { posix } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { standardHeaders } from './standard-headers.ts';
import {
  type LayerRule,
  namedHeaders,
  nativeFree,
  nativeLayers,
  nativeTestExtras,
  testExtras,
  typescriptLayers,
} from './table.ts';

export interface SourceFile {
  /** Path from the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

interface Import {
  readonly name: string;
  readonly line: number;
}

/** Stands in the table for a dynamic import whose name is computed. */
const COMPUTED = 'computed';

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Every module a TypeScript or JavaScript file names: imports, re-exports, dynamic imports, import types, `require`. */
export const typescriptImports = (file: SourceFile): Import[] => {
  const { module, program, errors } = parseSync(file.path, file.text);
  if (errors.length > 0) return [];
  const found: Import[] = [];
  const add = (name: string, offset: number) => found.push({ name, line: lineOf(file.text, offset) });
  for (const record of module.staticImports) add(record.moduleRequest.value, record.start);
  for (const record of module.staticExports) {
    const source = record.entries.find((entry) => entry.moduleRequest)?.moduleRequest;
    if (source) add(source.value, record.start);
  }
  const addExpression = (node: { type: string; value?: unknown } | undefined, offset: number) =>
    add(node?.type === 'Literal' && typeof node.value === 'string' ? node.value : COMPUTED, offset);
  new Visitor({
    ImportExpression: (node) => addExpression(node.source, node.start),
    TSImportType: (node) => addExpression(node.source, node.start),
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require')
        addExpression(node.arguments[0], node.start);
    },
  }).visit(program);
  return found;
};

/** Every header a C or C++ file includes; `"x"` keeps its quotes so that it is told from `<x>`. */
export const nativeIncludes = (file: SourceFile): Import[] =>
  [...file.text.matchAll(/^[ \t]*#[ \t]*include[ \t]*(?:<([^>]+)>|("[^"]+"))/gm)].map((match) => ({
    name: match[1] ?? match[2] ?? '',
    line: lineOf(file.text, match.index),
  }));

/** The rule with the longest matching folder or file prefix. */
const ruleFor = (layers: readonly LayerRule[], path: string): LayerRule | undefined =>
  layers.filter((rule) => path.startsWith(rule.from)).sort((a, b) => b.from.length - a.from.length)[0];

/** The folder a rule is about; a rule for one file is about the folder it lies in. */
const ownFolder = (rule: LayerRule): string => (rule.from.endsWith('/') ? rule.from : `${posix.dirname(rule.from)}/`);

const isTest = (path: string): boolean => /\.test\.tsx?$|\/testing\//.test(path);
const startsWithAny = (path: string, folders: readonly string[]): boolean =>
  folders.some((one) => path.startsWith(one));

/** `react-dom/client` is part of `react-dom`; `@scope/name/file.css` of `@scope/name`. */
const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

const mayImport = (path: string, rule: LayerRule, name: string): boolean => {
  const allowed = isTest(path) ? [...rule.may, ...testExtras] : rule.may;
  if (name.startsWith('.')) {
    const target = posix.join(posix.dirname(path), name.replace(/\?.*$/, ''));
    return target.startsWith(ownFolder(rule)) || startsWithAny(target, allowed);
  }
  if (name.startsWith('node:')) return allowed.includes('node:');
  return allowed.includes(packageOf(name));
};

const mayInclude = (path: string, rule: LayerRule, name: string, known: ReadonlySet<string>): boolean => {
  const allowed = /_test\.(cc|cpp)$|\/tests\//.test(path) ? [...rule.may, ...nativeTestExtras] : rule.may;
  if (name.startsWith('"')) {
    const quoted = name.slice(1, -1);
    const beside = posix.join(posix.dirname(path), quoted);
    const isBeside = known.has(beside) || quoted.startsWith('.') || !quoted.includes('/');
    const target = isBeside ? beside : posix.join('native', quoted);
    return target.startsWith(ownFolder(rule)) || startsWithAny(target, allowed) || allowed.includes(quoted);
  }
  if (namedHeaders.includes(name)) return allowed.includes(name);
  return allowed.includes(standardHeaders.has(name) ? 'std' : 'system');
};

/** All violations of the table in `files`. A file of a folder that the table does not know is one as well. */
export const layerViolations = (files: readonly SourceFile[]): Violation[] => {
  const known = new Set(files.map((file) => file.path));
  const violations: Violation[] = [];
  const complain = (path: string, line: number, text: string) => violations.push({ path, line, text });
  for (const file of files) {
    if (/\.(tsx?|mjs)$/.test(file.path) && file.path.includes('/')) {
      const rule = ruleFor(typescriptLayers, file.path);
      if (!rule) complain(file.path, 1, 'this folder is not in the table of layers (bin/lib/layers/table.ts)');
      else
        for (const { name, line } of typescriptImports(file))
          if (!mayImport(file.path, rule, name)) complain(file.path, line, `${rule.from} may not import ${name}`);
    }
    if (/\.(cc|cpp|c|h|hpp)$/.test(file.path) && !startsWithAny(file.path, nativeFree)) {
      const rule = ruleFor(nativeLayers, file.path);
      if (!rule) complain(file.path, 1, 'this folder is not in the table of layers (bin/lib/layers/table.ts)');
      else
        for (const { name, line } of nativeIncludes(file))
          if (!mayInclude(file.path, rule, name, known))
            complain(file.path, line, `${rule.from} may not include ${name}`);
    }
  }
  return violations;
};
