/** The three commands before any set-up, and the set-up's own words. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const work = mkdtempSync(join(tmpdir(), 'keyhole-commands-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const run = (command: string, args: readonly string[], env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  return { status, stdout, lines: stderr.trimEnd().split('\n') };
};

test('the fuzzers say how to ask for them, and refuse what they do not know', () => {
  const fuzz = (word: string) => run(process.execPath, ['bin/lib/run.mjs', 'bin/lib/tests/fuzz.ts', word]);
  const help = fuzz('--help');
  expect(help.status).toBe(0);
  for (const word of ['--seconds N', '--minutes N', '--merge', 'elf, proc, json, code'])
    expect(help.stdout).toContain(word);
  expect(fuzz('--nonsense')).toMatchObject({
    status: 2,
    stdout: '',
    lines: [expect.stringMatching(/nonsense.*--help/)],
  });
  expect(fuzz('wasm')).toMatchObject({ status: 2, stdout: '', lines: [expect.stringMatching(/wasm.*elf, proc/)] });
});

test.each([
  ['bin/start', ['--nope'], /--nope.*--demo/],
  ['bin/start', ['-x', 'a.json'], /-x.*--demo/],
  ['bin/start', ['missing.json'], /missing\.json/],
  ['bin/start', ['package.json', 'tsconfig.json'], /tsconfig\.json.*one launch file/],
  ['bin/start', ['--demo', 'package.json'], /--demo takes no launch file/],
  ['bin/test', ['--fast'], /--fast.*--quick/],
  ['bin/test', ['guests'], /guests.*--quick, guest, random, stress /],
  ['bin/test', ['--quick', 'guest'], /guest comes first/],
  ['bin/test', ['--quick', 'stress'], /stress comes first/],
])('%s %j is refused in one line that names what is allowed', (command, args, words) => {
  const { status, stdout, lines } = run(command, args);
  expect({ status, stdout, lines: lines.length }).toEqual({ status: 2, stdout: '', lines: 1 });
  expect(lines[0]).toMatch(words);
});

test.each(['bin/start', 'bin/test'])('%s --help says how it is used and sets nothing up', (command) => {
  const { status, stdout, lines } = run(command, ['--help']);
  expect({ status, lines }).toEqual({ status: 0, lines: [''] });
  expect(stdout).toMatch(/^usage: bin\//);
});

/** Runs shell lines with the set-up's functions at hand and `tools` in front of the real programs. */
const withSetup = (lines: string, tools: Record<string, string> = {}, env: Record<string, string> = {}) => {
  const fake = mkdtempSync(join(work, 'tools-'));
  for (const [name, body] of Object.entries(tools)) {
    writeFileSync(join(fake, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(fake, name), 0o755);
  }
  const script = `source bin/lib/setup.sh; logs=${work}; stamps=${work}; ${lines}`;
  return run('bash', ['-c', script, 'bin/keyhole'], { PATH: `${fake}:${process.env.PATH}`, CI: '', ...env });
};

test('without root the one command that is needed is printed, and nothing is installed', () => {
  const installed = 'echo "g++ installed"; exit 1';
  const { status, lines } = withSetup('need_packages g++ make cmake', { id: 'echo 1000', 'dpkg-query': installed });
  expect(status).toBe(1);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/sudo apt-get install -y --no-install-recommends make cmake$/);
});

test('when every package is there, nothing is said and nothing is run', () => {
  const tools = { 'dpkg-query': 'echo "g++ installed"; echo "make installed"', 'apt-get': 'echo ran >&2' };
  expect(withSetup('need_packages g++ make', tools)).toEqual({ status: 0, stdout: '', lines: [''] });
});

test('as root the list is fetched once, then everything missing is installed at once', () => {
  const tools = { id: 'echo 0', 'dpkg-query': 'exit 1', 'apt-get': `echo "$@" >>${work}/calls` };
  const { status, stdout } = withSetup(`need_packages g++ make; cat ${work}/calls >&2`, tools);
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  const { lines } = run('sh', ['-c', `cat ${work}/calls >&2`]);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/update$/);
  expect(lines[1]).toMatch(/^install -y --no-install-recommends g\+\+ make\b/);
});

test('a failing step ends with one line: what failed, the likely reason, the log', () => {
  const { status, stdout, lines } = withSetup(
    'step native "building the engine" sh -c "echo x.cc:1: error: no; exit 3"',
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(lines.at(-1)).toMatch(/^keyhole: building the engine failed: x\.cc:1: error: no \(whole log: .*native\.log\)/);
  expect(lines).toHaveLength(2);
});

test('an old Node is refused with the version that is needed', () => {
  const { status, lines } = withSetup('need_node', { node: 'echo 18.19.0' });
  expect(status).toBe(1);
  expect(lines).toEqual(['keyhole: Node.js 18.19.0 is too old; install version 20 or later']);
});

test('a stamp is fresh for the content it was made of and for no other', () => {
  const file = join(work, 'input');
  writeFileSync(file, 'a');
  const lines = `root=${work}; a=$(content_hash input); stamp s "$a"; fresh s "$a"; echo b >${file}
    b=$(content_hash input); fresh s "$b" || echo changed`;
  expect(withSetup(lines).stdout).toBe('changed\n');
});
