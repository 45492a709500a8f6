/** What `electron-forge make` puts into the packages, on a stand-in for Electron's archive. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractAll, listPackage } from '@electron/asar';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appPaths } from '../../../electron/session/paths.ts';
import { readFuses, writeStandIn } from './stand-in.ts';

const work = mkdtempSync(join(tmpdir(), 'keyhole-package-'));
const app = 'out/Keyhole-linux-x64';

beforeAll(async () => {
  const archives = join(work, 'archives');
  await writeStandIn(archives, work);
  rmSync('out', { recursive: true, force: true });
  execFileSync('node_modules/.bin/electron-forge', ['make'], {
    env: { ...process.env, KEYHOLE_ELECTRON_ZIP_DIR: archives, CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}, 900_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

const packed = () => listPackage(join(app, 'resources/app.asar'), { isPack: false });

test('the archive holds main process, preload script, renderer and nothing of the sources', () => {
  const files = packed();
  expect(files).toEqual(
    expect.arrayContaining([
      '/package.json',
      '/dist/electron/main.cjs',
      '/dist/electron/preload.cjs',
      '/dist/renderer/index.html',
    ]),
  );
  expect(
    files.filter((file) => /^\/(node_modules|core|electron|renderer|native|build|\.git)(\/|$)/.test(file)),
  ).toEqual([]);
});

test('addon, launch helper and examples are real files where the app looks for them, the helper executable', () => {
  const root = join(work, 'resources/app.asar');
  extractAll(join(app, 'resources/app.asar'), root);
  cpSync(join(app, 'resources/native'), join(work, 'resources/native'), { recursive: true });
  const paths = appPaths(root);
  expect(existsSync(paths.renderer) && existsSync(paths.preload)).toBe(true);
  expect(readFileSync(paths.addon).equals(readFileSync('build/native/keyhole.node'))).toBe(true);
  expect(statSync(paths.helper).mode & 0o111).not.toBe(0);
  expect(existsSync(join(app, 'resources/examples/dav1d-split/split.json'))).toBe(true);
});

test('only the app archive may be loaded and the binary does not run as Node', () => {
  expect(readFuses(readFileSync(join(app, 'keyhole')))).toBe('00000100');
});

test('the zip holds the same program', () => {
  const folder = 'out/make/zip/linux/x64';
  const [name = ''] = readdirSync(folder);
  const names = Object.keys(unzipSync(readFileSync(join(folder, name)), { filter: () => true }));
  expect(names).toEqual(expect.arrayContaining(['Keyhole-linux-x64/keyhole', 'Keyhole-linux-x64/resources/app.asar']));
});

test('the deb puts keyhole on the path', () => {
  const folder = 'out/make/deb/x64';
  const [name = ''] = readdirSync(folder);
  const list = execFileSync('dpkg-deb', ['--contents', join(folder, name)]).toString();
  expect(list).toMatch(/\.\/usr\/bin\/keyhole -> /);
  expect(list).toContain('./usr/lib/keyhole/resources/native/keyhole-launch');
});
