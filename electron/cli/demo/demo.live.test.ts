/** The demonstration over the real engine and Debian's dav1d: what `bin/start --demo` prints. */
import { beforeAll, expect, test } from 'vitest';
import type { Native } from '../../../core/contract/engine.ts';
import { loadNative } from '../../session/native.ts';
import { testPaths } from '../../session/testing/scene.ts';
import { runKeyhole } from '../testing/run.ts';

let native: Native;
beforeAll(() => {
  native = loadNative(testPaths);
});

test('every expectation of the demonstration holds', async () => {
  const { status, stdout, stderr } = await runKeyhole(['demo'], { native });
  const unmet = stdout.split('\n').filter((line) => line.startsWith('NOT AS EXPECTED'));
  expect({ unmet, stderr, status }).toEqual({ unmet: [], stderr: '', status: 0 });
  const rows = stdout.split('\n').filter((line) => /^(tag-all|split)\b/.test(line));
  expect(rows).toHaveLength(4);
  expect(rows[0]).toContain('kernel rseq kill');
  expect(rows[1]).toMatch(/SIGSEGV.*%fs:0x28.*libdav1d.*stack-protector canary/);
  for (const row of rows.slice(2)) expect(row).toMatch(/exit 0.*\dx {2}yes$/);
}, 120_000);
