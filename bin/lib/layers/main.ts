/** Runs every house check over the working tree: prints one line a violation, exit status 1 when there is any. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { layerViolations, type SourceFile, type Violation } from './check.ts';
import { foldersWithoutReadme, localNames, longFiles } from './rules.ts';

const skipped = /^(node_modules|build|dist|out|test-results|playwright-report|\.git|\.cache)$/;
const text = /\.(tsx?|mjs|cjs|js|json|css|html|cc|cpp|c|h|hpp|S|sh|py|md|txt|svg|yaml|yml|cmake)$|^[^.]+$|^\.[a-z-]+$/;

const readTree = (root: string, folder = root): SourceFile[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (skipped.test(entry.name)) return [];
    if (entry.isDirectory()) return readTree(root, path);
    if (!entry.isFile()) return [];
    return [{ path: relative(root, path), text: text.test(entry.name) ? readFileSync(path, 'utf8') : '' }];
  });

const files = readTree(process.cwd());
const violations: Violation[] = [
  ...layerViolations(files),
  ...longFiles(files),
  ...foldersWithoutReadme(files),
  ...localNames(files),
];
for (const one of violations) console.log(`${one.path}:${one.line}: ${one.text}`);
console.log(`${files.length} files, ${violations.length} violations`);
process.exitCode = violations.length > 0 ? 1 : 0;
