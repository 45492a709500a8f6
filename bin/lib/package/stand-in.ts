/** A stand-in for Electron's archive: enough for the makers, never for running. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';
import { zipSync } from 'fflate';

/** Marks the fuse wire inside an Electron binary (@electron/fuses). */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
export const FUSE_COUNT = 8;

/** Version 1 of the wire, its length, and every fuse enabled. */
const fuseWire = (): Buffer =>
  Buffer.concat([Buffer.from(FUSE_SENTINEL), Buffer.from([1, FUSE_COUNT]), Buffer.from('1'.repeat(FUSE_COUNT))]);

/** The fuses of a binary as a string of `0` and `1`. */
export const readFuses = (binary: Buffer): string => {
  const start = binary.indexOf(FUSE_SENTINEL) + FUSE_SENTINEL.length + 2;
  return binary.subarray(start, start + FUSE_COUNT).toString();
};

/** Writes `electron-vX-linux-x64.zip` into `folder`, X being the version of the electron package. */
export const writeStandIn = async (folder: string, work: string): Promise<void> => {
  const version: unknown = JSON.parse(readFileSync('node_modules/electron/package.json', 'utf8')).version;
  const app = join(work, 'default_app');
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, 'package.json'), '{}');
  await createPackage(app, join(work, 'default_app.asar'));
  const executable = { os: 3, attrs: 0o100755 << 16 } as const;
  const archive = zipSync({
    electron: [Buffer.concat([Buffer.from('#!/bin/sh\nexit 1\n'), fuseWire()]), executable],
    'chrome-sandbox': [Buffer.from('#!/bin/sh\nexit 1\n'), executable],
    version: Buffer.from(String(version)),
    LICENSE: Buffer.from('stand-in'),
    'LICENSES.chromium.html': Buffer.from('stand-in'),
    'resources/default_app.asar': readFileSync(join(work, 'default_app.asar')),
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `electron-v${String(version)}-linux-x64.zip`), archive);
};
