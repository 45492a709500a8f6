/** Debug mode: the model against the kernel, and that it can tell a difference. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RecordSummary } from '../../core/contract/record.ts';
import { loadNative } from '../../electron/session/native.ts';
import { appPaths } from '../../electron/session/paths.ts';
import { keyhole, root, shown } from './record.ts';

const native = loadNative(appPaths(root));

beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});

describe('keyhole record --verify', () => {
  it('tells the first difference precisely, follows the kernel and goes on', () => {
    const answer = keyhole(['record', '--json', '--verify', '--', join(root, 'build/targets/reads_imply_exec')]);
    const summary = JSON.parse(answer.stdout) as RecordSummary;
    const page = shown(answer.stderr).get('page') ?? 0;
    expect(summary.exit).toEqual({ code: 0 });
    const differs = summary.findings.filter((finding) => finding.class === 'model-differs');
    // The page, and the heap that printf asked for: each once, not once a stop.
    expect(differs.length).toBeLessThanOrEqual(2);
    const end = (page + 0x1000).toString(16);
    expect(differs[0]?.text).toMatch(new RegExp(`^0x[0-9a-f]+ to 0x${end}: the kernel has rwx where the map says rw-`));
  });

  const unseen = (what: string): string[] => {
    const program = join(root, 'build/targets/hostile/behind_its_back');
    const answer = keyhole(['record', '--json', '--verify', '--policy', 'observe', '--', program, what]);
    expect(answer.stderr).toMatch(/^ok$/m);
    const { findings } = JSON.parse(answer.stdout) as RecordSummary;
    return findings.map((finding) => `${finding.class}: ${finding.text.replace(/^.*: /, '')}`);
  };

  it('notices a protection that was changed by a call nobody saw', () => {
    expect(unseen('protection')).toEqual(['model-differs: the kernel has r-- where the map says rw-']);
  });

  it.runIf(native.hasPku())(
    'notices a wrong key (on emulated keys the map is the truth; in the guest: a scenario)',
    () => {
      expect(unseen('key')).toEqual(['model-differs: the kernel has key 1 where the map says key 0']);
    },
  );

  it('is off unless asked for', () => {
    const answer = keyhole(['record', '--json', '--', join(root, 'build/targets/reads_imply_exec')]);
    expect((JSON.parse(answer.stdout) as RecordSummary).findings).toEqual([]);
  });
});
