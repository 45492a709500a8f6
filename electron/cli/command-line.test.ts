import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FakeNative } from '../session/testing/fake-native.ts';
import { tempFolder } from '../session/testing/scene.ts';
import { runKeyhole } from './testing/run.ts';

const presets =
  'one of observe, tag-all, slot-only, startup-tcb, split, tcb-dtv, neighbourhood, or a policy object as JSON';

/** The words after `keyhole`, the status and the whole of stderr. */
const malformed: readonly (readonly [line: string, status: number, error: string])[] = [
  ['fly', 2, "unknown command 'fly'; allowed: record, attach, open, plan-tls, serve, demo"],
  [
    'recrod',
    2,
    "unknown command 'recrod' (Did you mean record?); allowed: record, attach, open, plan-tls, serve, demo",
  ],
  ['--fast', 2, "unknown option '--fast'; allowed: --version, --help"],
  ['record', 2, 'record: nothing to run; give --launch FILE or -- PROGRAM ARGS…'],
  ['record --', 2, 'record: nothing to run; give --launch FILE or -- PROGRAM ARGS…'],
  ['record --launch x.json -- true', 2, '--launch: must not be given together with -- PROGRAM (got both)'],
  ['record --launch', 2, '--launch: missing its value: a launch file (JSON)'],
  ['record --launch gone.json', 2, 'gone.json: no such launch file'],
  ['record --policy spilt -- true', 2, `--policy: must be ${presets} (got "spilt")`],
  ['record --policy {} -- true', 2, `--policy: must be ${presets} (got "{}")`],
  ['record --policy', 2, `--policy: missing its value: ${presets}`],
  ['record --keys fast -- true', 2, '--keys: must be one of auto, hardware, emulated (got "fast")'],
  ['record --keys', 2, '--keys: missing its value: one of auto, hardware, emulated'],
  ['record -o', 2, '--output: missing its value: the file to save the session to (.keyhole)'],
  [
    'record --polcy split -- true',
    2,
    "unknown option '--polcy' (Did you mean --policy?); allowed: --launch, --policy, --keys, --output, --json, --verify, --help",
  ],
  ['record -o -- true', 2, '--output: must be the name of a file (one that begins with - is written ./-…) (got "--")'],
  [
    'record --launch --json',
    2,
    '--launch: must be the name of a file (one that begins with - is written ./-…) (got "--json")',
  ],
  ['record -o /gone/a.keyhole -- true', 2, '--output: no such folder /gone; must be a file that can be written'],
  ['record -o /tmp -- true', 2, '--output: /tmp is a folder; must be a file that can be written'],
  ['open /tmp', 1, '/tmp: a folder; must be a snapshot (.keyhole)'],
  [
    'record --zap -- true',
    2,
    "unknown option '--zap'; allowed: --launch, --policy, --keys, --output, --json, --verify, --help",
  ],
  [
    'record --json=yes -- true',
    2,
    "unknown option '--json=yes'; allowed: --launch, --policy, --keys, --output, --json, --verify, --help",
  ],
  [
    'record --keys hardware -- true',
    2,
    '--keys: hardware needs a CPU and a kernel with protection keys, and this machine has none (allowed here: auto, emulated)',
  ],
  ['record -- no-such-program', 1, 'record: program: no-such-program: no such program (looked in PATH)'],
  ['record -- /dev/null', 1, 'record: program: /dev/null: is not a regular file; must be an executable file'],
  ['record -- /etc', 1, 'record: program: /etc: is a folder; must be an executable file'],
  ['record -- /etc/passwd', 1, 'record: program: /etc/passwd: not executable; must be a file with execute permission'],
  ['open', 2, "missing required argument 'file'; allowed: open [options] <file>"],
  ['open a b', 2, "too many arguments for 'open'. Expected 1 argument but got 2; allowed: open [options] <file>"],
  ['open gone.keyhole', 1, '/gone.keyhole: no such snapshot'],
  ['open --launch x', 2, "unknown option '--launch'; allowed: --json, --help"],
  ['plan-tls now', 2, "too many arguments for 'plan-tls'. Expected 0 arguments but got 1; allowed: plan-tls [options]"],
  ['plan-tls --json', 2, "unknown option '--json'; allowed: --help"],
  ['serve --port 99999', 2, '--port: must be 0 to 65535 (got "99999")'],
  ['serve --port http', 2, '--port: must be 0 to 65535 (got "http")'],
  ['serve --port', 2, '--port: missing its value: port on 127.0.0.1, 0 to 65535; 0 takes a free one'],
  ['serve a b', 2, "too many arguments for 'serve'. Expected 1 argument but got 2; allowed: serve [options] [file]"],
  ['demo --fast', 2, "unknown option '--fast'; allowed: --help"],
];

describe('a malformed command line is answered by one line that names the flag and what is allowed', () => {
  test.each(malformed)('keyhole %s', async (line, status, error) => {
    const result = await runKeyhole(line.split(' '), { native: new FakeNative() });
    expect(result).toEqual({ status, stdout: '', stderr: `keyhole: ${error}\n` });
  });

  test('a malformed launch file is a usage error too, named as it was typed', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'x.json'), '{"program": "true", "keys": "fast"}');
    const result = await runKeyhole(['record', '--launch', 'x.json'], { native: new FakeNative(), cwd });
    expect(result).toEqual({
      status: 2,
      stdout: '',
      stderr: 'keyhole: x.json: keys: must be one of auto, hardware, emulated (got "fast")\n',
    });
  });

  test('a file that serve cannot begin with is said in the terminal as well as in the window', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'x.json'), '{"program": "true", "keys": "fast"}');
    const result = await runKeyhole(['serve', '--no-open', 'x.json'], {
      native: new FakeNative(),
      cwd,
      onInterrupt(callback) {
        const timer = setTimeout(callback, 50);
        return () => clearTimeout(timer);
      },
    });
    expect(result.status).toBe(0);
    expect(result.stderr).toContain('x.json: keys: must be one of auto, hardware, emulated (got "fast")\n');
  });

  test('a program the engine cannot start is a failed recording', async () => {
    const native = new FakeNative();
    native.refuse = '/usr/bin/true: Exec format error';
    expect(await runKeyhole(['record', '--', 'true'], { native })).toEqual({
      status: 1,
      stdout: '',
      stderr: 'keyhole: /usr/bin/true: Exec format error\n',
    });
  });
});

describe('help', () => {
  test.each([['--help'], ['record --help'], ['help open']])('keyhole %s is no error', async (line) => {
    const result = await runKeyhole(line.split(' '), { native: new FakeNative() });
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(result.stdout).toMatch(/^Usage: keyhole/);
  });
});
