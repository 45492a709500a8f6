import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { presets } from '../../core/contract/policies.ts';
import { checkLaunch } from './load-launch.ts';
import { resolveLaunch } from './resolve.ts';
import { tempFolder } from './testing/scene.ts';

const scene = {
  where: 'x.json',
  fromFile: true,
  cwd: '/',
  base: '/',
  env: { PATH: '/usr/bin:/bin', HOME: '/h' },
  helper: '/helper',
  hasPku: false,
};

test('fills in every default', () => {
  expect(resolveLaunch(checkLaunch({ program: 'true' }, 'x.json'), scene)).toEqual({
    program: '/usr/bin/true',
    args: [],
    env: ['PATH=/usr/bin:/bin', 'HOME=/h'],
    cwd: '/',
    keys: 'auto',
    gates: 'program',
    compartments: [],
    policy: presets.split,
    rounding: 'padded',
    onFault: 'deliver',
    tracerPolicy: 'off',
    rseq: 'keep',
    pauseOn: [],
    input: 'empty',
    helper: '/helper',
  });
});

test('virtual gates round outward unless the file says otherwise', () => {
  const resolve = (extra: object) =>
    resolveLaunch(checkLaunch({ program: 'true', gates: 'virtual', ...extra }, 'x'), scene);
  expect(resolve({}).rounding).toBe('outward');
  expect(resolve({ rounding: 'padded' }).rounding).toBe('padded');
});

test('module patterns and policies become data', () => {
  const compartments = [{ key: 3, name: 'a', modules: ['main', { match: 'libc.so.6', code: 'caller', tag: ['tls'] }] }];
  const launch = resolveLaunch(checkLaunch({ program: 'true', compartments, policy: { name: 'mine' } }, 'x'), scene);
  expect(launch.compartments[0]?.modules).toEqual([
    { match: 'main', code: 'own', tag: ['segments', 'tls'] },
    { match: 'libc.so.6', code: 'caller', tag: ['tls'] },
  ]);
  expect(launch.policy).toEqual({ name: 'mine', tag: true, carveOuts: [], maxCarveOuts: 2, startupTcb: false });
});

test('a program is looked up beside the launch file, then in the working folder, then in PATH', () => {
  const base = tempFolder();
  const cwd = tempFolder();
  for (const folder of [base, cwd]) {
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/tool'), '#!/bin/sh\n');
    chmodSync(join(folder, 'bin/tool'), 0o755);
  }
  const find = (program: string, from: string) =>
    resolveLaunch(checkLaunch({ program }, 'x'), { ...scene, base: from, cwd }).program;
  expect(find('bin/tool', base)).toBe(join(base, 'bin/tool'));
  expect(find('bin/tool', '/')).toBe(join(cwd, 'bin/tool'));
  expect(find('true', base)).toBe('/usr/bin/true');
  expect(find('tool', join(base, 'bin'))).toBe(join(base, 'bin/tool'));
  expect(() => find('tool', base)).toThrow('no such program');
});

test('the launch file’s variables win, and relative folders start at the launch file', () => {
  const base = tempFolder();
  mkdirSync(join(base, 'work'));
  const launch = resolveLaunch(checkLaunch({ program: 'true', env: { HOME: '/x', NEW: '' }, cwd: 'work' }, 'x'), {
    ...scene,
    base,
  });
  expect(launch.env).toEqual(['PATH=/usr/bin:/bin', 'HOME=/x', 'NEW=']);
  expect(launch.cwd).toBe(join(base, 'work'));
});
