import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { machineFor, runThere } from './machine.ts';

test.each([
  ['here', 'flags\t\t: fpu vme pku ospke avx512_vpopcntdq\nbugs\t\t: x'],
  ['guest', 'flags\t\t: fpu vme avx2\nbugs\t\t: x'],
  // The CPU could, the kernel does not.
  ['guest', 'flags\t\t: fpu vme pku avx2\n'],
  ['guest', 'model name\t: ospke\nflags\t\t: fpu\n'],
])('real keys are looked for %s', (expected, cpuinfo) => {
  expect(machineFor(cpuinfo)).toBe(expected);
});

describe('a script on this machine', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keyhole-machine-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = async (text: string): Promise<string> => {
    const script = join(folder, 'job.sh');
    const results = join(folder, 'results');
    writeFileSync(script, text);
    await runThere({ on: 'here', script, results, archive: join(folder, 'results.tar'), limitSeconds: 20 });
    return readFileSync(join(results, 'said'), 'utf8');
  };

  test('sends its results as archives', async () => {
    const send = 'tar -cf - said >>"$RESULTS"';
    expect(await run(`cd ${folder}; echo one >said; ${send}; echo two >said; ${send}`)).toBe('two\n');
  });

  test('that fails is an error', async () => {
    await expect(run('exit 3')).rejects.toThrow('ended with 3');
  });
});
