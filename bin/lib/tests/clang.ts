/**
 * clang-format and clang-tidy over native/: `clang.ts format`, `clang.ts tidy`. clang-tidy is slow, so a file is
 * looked at again only when it, a header or the configuration changed since it last came out clean.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

const listFiles = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return listFiles(path, ending);
      return ending.test(entry.name) ? [path] : [];
    })
    .sort();

const run = (program: string, args: readonly string[]): Promise<{ ok: boolean; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => {
      output += String(data);
    });
    child.stderr.on('data', (data) => {
      output += String(data);
    });
    child.on('error', (error) => resolve({ ok: false, output: `${program}: ${error.message}` }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });

const format = async (): Promise<boolean> => {
  const files = listFiles('native', /\.(cc|cpp|c|h)$/);
  const { ok, output } = await run('clang-format', ['--dry-run', '-Werror', ...files]);
  const first = new Map<string, string>();
  for (const match of output.matchAll(/^([^\s:]+):(\d+):\d+: error/gm)) {
    const [, file = '', line = ''] = match;
    if (!first.has(file)) first.set(file, line);
  }
  for (const [file, line] of first) console.log(`${file}:${line}: not formatted; repair: clang-format -i ${file}`);
  console.log(ok ? `${files.length} files are formatted` : first.size > 0 ? '' : output);
  return ok;
};

const database = 'build/native/compile_commands.json';
const cleanFile = 'build/stamps/clang-tidy.json';

/** The sources that are compiled, without the tests: what the compile database lists below native/. */
const compiledSources = (): string[] => {
  const entries: { file: string }[] = JSON.parse(readFileSync(database, 'utf8'));
  const root = `${process.cwd()}/`;
  const files = entries.map((entry) => entry.file.replace(root, ''));
  return [...new Set(files)]
    .filter((file) => /^native\/(?!targets\/|.*\/tests\/).*(?<!_test)\.(cc|cpp)$/.test(file))
    .sort();
};

const hashOf = (paths: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path).update('\0').update(readFileSync(path));
  return hash.digest('hex');
};

const tidy = async (): Promise<boolean> => {
  const common = hashOf(['.clang-tidy', 'native/CMakeLists.txt', ...listFiles('native', /\.(h|hpp)$/)]);
  const clean: Record<string, string> = existsSync(cleanFile) ? JSON.parse(readFileSync(cleanFile, 'utf8')) : {};
  const hashes = new Map(compiledSources().map((file) => [file, `${common}${hashOf([file])}`]));
  const queue = [...hashes.keys()].filter((file) => clean[file] !== hashes.get(file));
  console.log(`${hashes.size} sources, ${queue.length} to look at`);
  const passed = new Set([...hashes.keys()].filter((file) => !queue.includes(file)));
  const work = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const { ok, output } = await run('clang-tidy', ['--quiet', '-p', 'build/native', file]);
      if (ok) passed.add(file);
      else console.log(output.trim());
    }
  };
  await Promise.all(cpus().map(work));
  mkdirSync('build/stamps', { recursive: true });
  writeFileSync(cleanFile, JSON.stringify(Object.fromEntries([...passed].map((file) => [file, hashes.get(file)]))));
  return passed.size === hashes.size && hashes.size > 0;
};

const actions: Record<string, () => Promise<boolean>> = { format, tidy };
const action = actions[process.argv[2] ?? ''];
if (!action) throw new Error(`one of ${Object.keys(actions).join(', ')}`);
process.exitCode = (await action()) ? 0 : 1;
