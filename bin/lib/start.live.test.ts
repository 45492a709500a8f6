/** Which host bin/start chooses, with everything built. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const electron = mkdtempSync(join(tmpdir(), 'keyhole-electron-'));
const launch = 'examples/dav1d-split/split.json';

beforeAll(() => {
  writeFileSync(join(electron, 'electron'), '#!/bin/sh\nfor word in "$@"; do echo "$word"; done\n');
  chmodSync(join(electron, 'electron'), 0o755);
});
afterAll(() => rmSync(electron, { recursive: true, force: true }));

const environment = (more: Record<string, string>) => ({ ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', ...more });

test('an installed Electron on a display gets the application and the launch file', () => {
  const env = environment({ ELECTRON_OVERRIDE_DIST_PATH: electron, DISPLAY: ':9' });
  const { status, stdout, stderr } = spawnSync('bin/start', [launch], { encoding: 'utf8', env });
  expect(status).toBe(0);
  expect(stderr).toMatch(/opening the window in Electron/);
  const words = stdout.trim().split('\n');
  expect(words.slice(-2).map((word) => resolve(word))).toEqual([process.cwd(), resolve(launch)]);
});

test.each([
  ['no Electron binary is installed', { ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' }],
  ['no display for Electron', { ELECTRON_OVERRIDE_DIST_PATH: electron }],
])('otherwise the browser host serves and says why: %s', async (reason, more) => {
  const child = spawn('bin/start', [launch], { env: environment(more), stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data) => {
    said += String(data);
  });
  const ended = new Promise((done) => child.once('exit', done));
  const printed = new Promise<string>((found) => child.stdout.once('data', (data) => found(String(data))));
  const address = await Promise.race([printed, ended.then(() => `it ended: ${said}`)]);
  child.kill('SIGINT');
  await ended;
  expect(address).toMatch(/http:\/\/127\.0\.0\.1:\d+\/\?token=/);
  expect(said).toContain(`browser host (${reason})`);
});
