/** The engine in a build of the sanitizers against every target, by `keyhole-drive`: any error of ours ends it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LaunchFile } from '../../core/contract/launch.ts';
import { checkLaunch } from '../../electron/session/load-launch.ts';
import { resolveLaunch } from '../../electron/session/resolve.ts';
import { cases, launchOf } from '../targets/cases.ts';
import { denied, gatedLaunch, keeping } from '../targets/gated.ts';
import { root, withFolder } from '../targets/record.ts';

const build = join(root, process.env.KEYHOLE_SANITIZED ?? 'build/native');
const programs = join(root, 'build/targets');

interface Driven {
  readonly finished: boolean;
  readonly exit: unknown;
  readonly events: Readonly<Record<string, number>>;
  readonly faults: readonly { readonly key: number | null }[];
  readonly findings: readonly { readonly class: string }[];
  readonly output: string;
}

/** Runs one launch; a sanitizer's report is the error. */
const drive = (launch: LaunchFile): Driven =>
  withFolder((folder) => {
    const where = 'the test';
    const hasPku = /\bospke\b/.test(execFileSync('cat', ['/proc/cpuinfo'], { encoding: 'utf8' }));
    const scene = { where, base: root, fromFile: true, cwd: root, env: { PATH: process.env.PATH }, hasPku };
    const resolved = resolveLaunch(checkLaunch(launch, where), { ...scene, helper: join(build, 'keyhole-launch') });
    const file = join(folder, 'launch.json');
    writeFileSync(file, JSON.stringify({ ...resolved, verify: true }));
    const options = { encoding: 'utf8', timeout: 170_000, killSignal: 'SIGKILL' } as const;
    const { status, signal, stdout, stderr } = spawnSync(join(build, 'keyhole-drive'), [file], options);
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
    return JSON.parse(stdout) as Driven;
  });

const wrong = (run: Driven) => run.findings.filter((one) => /engine-error|model-differs|refused/.test(one.class));

beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});

describe.each(cases)('$name', (target) => {
  it('ends as it should, and nothing of ours is wrong', () => {
    const run = drive(launchOf(target, programs));
    expect(run.finished).toBe(true);
    expect(run.output).not.toContain('FAILED');
    expect(run.exit).toEqual(target.exit ?? { code: 0 });
    expect(run.faults.filter((fault) => fault.key !== null)).toHaveLength((target.denied ?? []).length);
    expect(run.events).toMatchObject(target.events ?? {});
    expect(wrong(run)).toEqual([]);
  });
});

describe('with virtual gates', () => {
  it.each(keeping)('%s runs to its end', (name) => {
    const run = drive(gatedLaunch(name, programs));
    expect(run.exit).toEqual({ code: 0 });
    expect(run.faults).toEqual([]);
    expect(wrong(run)).toEqual([]);
  });

  it.each(denied)('%s dies of its access', (name) => {
    const run = drive(gatedLaunch(name, programs));
    expect(run.exit).toEqual({ signal: 'SIGSEGV', siCode: 4 });
    expect(run.faults).toHaveLength(1);
    expect(wrong(run)).toEqual([]);
  });
});
