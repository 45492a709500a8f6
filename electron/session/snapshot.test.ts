import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { concatBatches } from '../../core/contract/wire.ts';
import { UserError } from './errors.ts';
import { Session } from './session.ts';
import { decodeSnapshot, encodeSnapshot, openSnapshot, saveSnapshot } from './snapshot.ts';
import { FakeNative } from './testing/fake-native.ts';
import { launchOf, shortLife, tempFolder } from './testing/scene.ts';

async function finishedSession(): Promise<Session> {
  const native = new FakeNative();
  const session = Session.launch(native, launchOf('/bin/true'), { kind: 'live', title: 'true', launchPath: null });
  const life = shortLife();
  native.engine.publish(life.batch(0, 3));
  native.engine.publish(life.batch(3));
  native.engine.write('stdout', 'some output\n');
  native.engine.finish();
  await session.ended;
  return session;
}

let session: Session;
let bytes: Uint8Array;
beforeAll(async () => {
  session = await finishedSession();
  bytes = await encodeSnapshot(session, '1.2.3');
});

/** The snapshot with its files changed. */
function changed(change: (files: Record<string, Uint8Array>) => void): Uint8Array {
  const files = unzipSync(bytes);
  change(files);
  return zipSync(files);
}

const manifestWith = (fields: object): Uint8Array =>
  changed((files) => {
    const manifest = JSON.parse(Buffer.from(files['manifest.json'] ?? []).toString()) as object;
    files['manifest.json'] = strToU8(JSON.stringify({ ...manifest, ...fields }));
  });

describe('round trip', () => {
  test('a session comes back with every row and detail', () => {
    const { manifest, batches } = decodeSnapshot(bytes, 'x.keyhole');
    expect(manifest).toMatchObject({ format: 'keyhole', version: 1, keyholeVersion: '1.2.3', rows: 6 });
    expect(concatBatches(batches)).toEqual(concatBatches(session.log.batches));
  });

  test('an opened snapshot saves as the same snapshot', async () => {
    const opened = Session.open(decodeSnapshot(bytes, 'x.keyhole'), 'x');
    const again = decodeSnapshot(await encodeSnapshot(opened, '1.2.3'), 'y');
    expect(again.manifest).toEqual(decodeSnapshot(bytes, 'x').manifest);
    expect(opened.live).toBe(false);
    await expect(opened.command({ do: 'pause' })).rejects.toThrow('this is a snapshot; nothing runs');
  });

  test('through a file, leaving nothing else behind', async () => {
    const folder = tempFolder();
    await saveSnapshot(session, join(folder, 'a.keyhole'), '1.2.3');
    expect(readdirSync(folder)).toEqual(['a.keyhole']);
    expect(openSnapshot(join(folder, 'a.keyhole')).manifest.rows).toBe(6);
  });

  test('a folder that is not there, and a file that is not', async () => {
    await expect(saveSnapshot(session, '/nowhere/a.keyhole', '1')).rejects.toThrow(
      /^\/nowhere\/a\.keyhole: cannot be written: /,
    );
    expect(() => openSnapshot('/nowhere/a.keyhole')).toThrow('/nowhere/a.keyhole: no such snapshot');
  });
});

describe('damage is answered by one line that begins with the file', () => {
  const cases: readonly (readonly [name: string, make: () => Uint8Array, line: RegExp])[] = [
    ['an empty file', () => new Uint8Array(0), /^x: not a Keyhole snapshot \(an empty file\); .* write one$/],
    ['another kind of file', () => readFileSync('/bin/true'), /^x: not a Keyhole snapshot \(not a zip file\); /],
    ['a cut file', () => bytes.slice(0, bytes.length - 30), /^x: damaged: cut short, or changed: .*; copy it anew/],
    ['half a file', () => bytes.slice(0, bytes.length / 2), /^x: damaged: cut short, or changed: .*; copy it anew/],
    ['another zip', () => zipSync({ 'a.txt': strToU8('hi') }), /^x: not a Keyhole snapshot \(no manifest\.json\); /],
    [
      'no events',
      () => changed((files) => delete files['events.bin']),
      /^x: damaged: events\.bin is missing; copy it anew/,
    ],
    ['broken JSON', () => changed((files) => (files['manifest.json'] = strToU8('{'))), /^x: damaged: manifest\.json: /],
    [
      'another format',
      () => manifestWith({ format: 'peephole' }),
      /^x: not a Keyhole snapshot \(manifest\.json has another format\); /,
    ],
    [
      'a newer version',
      () => manifestWith({ version: 7 }),
      /^x: format version 7, this Keyhole reads up to 1; a newer Keyhole opens it$/,
    ],
    ['a wrong row count', () => manifestWith({ rows: 5 }), /^x: damaged: 6 events, 5 expected; /],
    ['no row count', () => manifestWith({ rows: null }), /^x: damaged: manifest\.json: rows: /],
    [
      'a flipped bit',
      () => changed((files) => files['events.bin']?.set([0xff], 100)),
      /^x: damaged: events\.bin does not match its checksum; /,
    ],
  ];
  test.each(cases)('%s', (_name, make, line) => {
    let error: unknown;
    try {
      decodeSnapshot(make(), 'x');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(line);
    expect((error as UserError).message).not.toContain('\n');
  });

  test('no cut of the file gets through', () => {
    for (let length = 0; length < bytes.length; length += 7) {
      expect(() => decodeSnapshot(bytes.slice(0, length), 'x')).toThrow(UserError);
    }
  });

  test('a file on disk is named by its path', () => {
    const file = join(tempFolder(), 'y.keyhole');
    writeFileSync(file, 'no');
    expect(() => openSnapshot(file)).toThrow(`${file}: not a Keyhole snapshot`);
  });
});
