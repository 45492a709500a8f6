import { copyFileSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ToRenderer } from '../../core/contract/messages.ts';
import { presets } from '../../core/contract/policies.ts';
import type { SaveReply } from '../../core/contract/transport.ts';
import { answer } from './commands.ts';
import { Desk } from './desk.ts';
import { startWith } from './start-with.ts';
import { FakeNative } from './testing/fake-native.ts';
import { shortLife, tempFolder, testPaths } from './testing/scene.ts';

let folder: string;
beforeEach(() => {
  folder = tempFolder();
});

function deskOf(extra: Partial<Desk['kit']> = {}) {
  const native = new FakeNative();
  const desk = new Desk({
    native,
    paths: testPaths,
    host: 'browser',
    cwd: folder,
    env: { PATH: '/usr/bin:/bin' },
    ...extra,
  });
  onTestFinished(() => desk.dispose());
  const heard: ToRenderer[] = [];
  desk.attach((message) => heard.push(message));
  let id = 0;
  const ask = async (command: unknown) => {
    id += 1;
    const reply = await answer(desk, { id, command });
    expect(reply?.id).toBe(id);
    return reply;
  };
  return { native, desk, heard, ask };
}

const trueLaunch = { do: 'launch', launch: { program: 'true' } } as const;
const types = (messages: readonly ToRenderer[]): string[] => messages.map(({ type }) => type);

describe('viewers', () => {
  test('a first viewer hears hello and an empty source', () => {
    const { heard } = deskOf();
    expect(heard).toEqual([
      { type: 'hello', host: 'browser', version: testPaths.version, hasPku: false },
      { type: 'source', source: { kind: 'none' } },
    ]);
  });

  test('a late viewer hears the whole log, and both hear what follows', async () => {
    const { native, desk, heard, ask } = deskOf();
    await ask(trueLaunch);
    const life = shortLife();
    native.engine.publish(life.batch(0, 2));
    await expect.poll(() => types(heard)).toContain('batch');
    const late: ToRenderer[] = [];
    const leave = desk.attach((message) => late.push(message));
    expect(types(late)).toEqual(['hello', 'source', 'batch']);
    // By this name a page that was cut off knows the log that it had.
    const named = heard.filter(({ type }) => type === 'source').at(-1);
    expect(late[1]).toEqual(named);
    expect(named).toMatchObject({ log: desk.session?.id });
    native.engine.publish(life.batch(2));
    await expect.poll(() => types(late)).toEqual(['hello', 'source', 'batch', 'batch']);
    expect(types(heard)).toEqual(['hello', 'source', 'source', 'batch', 'batch']);
    leave();
    native.engine.break('gone');
    await expect.poll(() => types(heard)).toContain('failed');
    expect(types(late)).not.toContain('failed');
  });

  test('a start that fails waits for the viewer', () => {
    const { desk } = deskOf();
    expect(startWith(desk, 'gone.json')).toBe(`${join(folder, 'gone.json')}: no such launch file`);
    const late: ToRenderer[] = [];
    desk.attach((message) => late.push(message));
    expect(late.at(-1)).toEqual({ type: 'failed', error: `${join(folder, 'gone.json')}: no such launch file` });
  });
});

describe('commands', () => {
  test('a launch starts the program and announces a new log', async () => {
    const { native, heard, ask } = deskOf();
    expect(await ask({ do: 'launch', launch: { program: 'true', args: ['a b'] } })).toEqual({ type: 'reply', id: 1 });
    expect(native.engine.launch).toMatchObject({ program: '/usr/bin/true', cwd: folder, policy: presets.split });
    expect(heard.at(-1)).toMatchObject({
      type: 'source',
      source: { kind: 'live', title: 'true a b', launchPath: null },
    });
  });

  test('a launch file can be run under another policy', async () => {
    const { native, heard, ask } = deskOf();
    writeFileSync(join(folder, 'x.json'), '{"program": "true", "policy": "tag-all"}');
    await ask({ do: 'launch-file', path: 'x.json' });
    expect(native.engine.launch.policy).toEqual(presets['tag-all']);
    await ask({ do: 'launch-file', path: 'x.json', policy: 'observe' });
    expect(native.engine.launch.policy).toEqual(presets.observe);
    expect(heard.at(-1)).toMatchObject({ source: { launchPath: join(folder, 'x.json') } });
  });

  test('a new launch closes the old one; a refused launch leaves it alone', async () => {
    const { native, heard, ask } = deskOf();
    await ask(trueLaunch);
    const first = native.engine;
    const bad = await ask({ do: 'launch', launch: { program: 'no-such-program' } });
    expect(bad?.error).toMatch(/^launch: program: no-such-program: no such program/);
    native.refuse = 'true: not today';
    expect((await ask(trueLaunch))?.error).toBe('true: not today');
    expect(first.closed).toBe(0);
    expect(types(heard)).toEqual(['hello', 'source', 'source']);
    native.refuse = null;
    await ask(trueLaunch);
    expect(first.closed).toBe(1);
  });

  test('closing kills the program and says that there is no session; without one it is no error', async () => {
    const { native, heard, ask } = deskOf();
    await ask(trueLaunch);
    expect((await ask({ do: 'close' }))?.error).toBeUndefined();
    expect(native.engine.closed).toBe(1);
    expect(heard.at(-1)).toEqual({ type: 'source', source: { kind: 'none' } });
    expect((await ask({ do: 'close' }))?.error).toBeUndefined();
    expect((await ask({ do: 'pause' }))?.error).toBe('nothing has been launched');
  });

  test('engine commands go to the engine, presets as data', async () => {
    const { native, ask } = deskOf();
    await ask(trueLaunch);
    const { engine } = native;
    const reply = ask({ do: 'plan', policy: 'split', rounding: 'outward' });
    await expect.poll(() => engine.commands).toHaveLength(1);
    expect(engine.commands[0]?.command).toEqual({ do: 'plan', policy: presets.split, rounding: 'outward' });
    engine.reply({ id: engine.commands[0]?.id ?? 0, value: '[]' });
    expect(await reply).toMatchObject({ value: [] });
  });

  test.each([
    ['no session', { do: 'pause' }, 'nothing has been launched'],
    ['nothing to save', { do: 'save' }, 'there is nothing to save: launch a program first'],
    ['no command', undefined, /^command\.: /],
    ['an unknown command', { do: 'fly' }, /^command\.do: /],
    ['a field too many', { do: 'pause', now: true }, /^command\.: .*now/],
    [
      'a malformed launch',
      { do: 'launch', launch: { progam: 'x' } },
      /^launch: progam: unknown field; did you mean program\? allowed are program, args, /,
    ],
    ['a name with a NUL', { do: 'symbols', text: 'a\0b', modules: [] }, 'command.text: no name holds a NUL'],
    ['no such snapshot', { do: 'open', path: 'gone.keyhole' }, /gone\.keyhole: no such snapshot$/],
    [
      'bytes that are none',
      { do: 'open-bytes', name: 'x.keyhole', base64: 'aGVsbG8=' },
      /^x\.keyhole: not a Keyhole snapshot/,
    ],
  ])('%s is refused in words', async (_name, command, error) => {
    const reply = await deskOf().ask(command);
    if (typeof error === 'string') expect(reply?.error).toBe(error);
    else expect(reply?.error).toMatch(error);
  });

  test('what is no request at all gets no answer', async () => {
    const { desk } = deskOf();
    for (const raw of [undefined, null, 7, 'x', {}, { id: 'x' }, { id: 1.5 }])
      expect(await answer(desk, raw)).toBeNull();
  });

  test('examples are listed with their README’s heading', async () => {
    const examples = join(folder, 'examples');
    mkdirSync(join(examples, 'demo'), { recursive: true });
    writeFileSync(join(examples, 'demo/README.md'), 'text\n# My demo\n');
    writeFileSync(join(examples, 'demo/b.json'), '{"program": "x", "policy": {"name": "mine"}}');
    writeFileSync(join(examples, 'demo/a.json'), '{"program": "x"}');
    writeFileSync(join(examples, 'demo/other.json'), '{"some": "thing"}');
    const { ask } = deskOf({ paths: { ...testPaths, examples } });
    expect((await ask({ do: 'examples' }))?.value).toEqual([
      { path: join(examples, 'demo/a.json'), example: 'demo', title: 'My demo: a', policy: 'split' },
      { path: join(examples, 'demo/b.json'), example: 'demo', title: 'My demo: b', policy: 'mine' },
    ]);
  });
});

describe('saving and opening', () => {
  async function finished(extra: Partial<Desk['kit']> = {}) {
    const made = deskOf(extra);
    await made.ask(trueLaunch);
    made.native.engine.publish(shortLife().batch());
    made.native.engine.finish();
    await made.desk.session?.ended;
    return made;
  }

  test('without a path or a dialog the bytes come back, and open again', async () => {
    const { desk, ask, heard } = await finished();
    const saved = (await ask({ do: 'save' }))?.value as Extract<SaveReply, { base64: string }>;
    expect(saved.name).toBe('true.keyhole');
    const rows = desk.session?.log.rows;
    expect(await ask({ do: 'open-bytes', name: saved.name, base64: saved.base64 })).not.toHaveProperty('error');
    expect(types(heard.slice(-2))).toEqual(['source', 'batch']);
    expect(heard.at(-2)).toMatchObject({ type: 'source', source: { kind: 'snapshot', title: 'true.keyhole', rows } });
    expect(desk.session?.log.rows).toBe(rows);
    expect((await ask({ do: 'kill' }))?.error).toBe('this is a snapshot; nothing runs');
  });

  test('symbols: a process that runs says which file it has loaded, the same number in a recording says nothing', async () => {
    const { native, ask } = deskOf();
    const own = realpathSync(process.execPath);
    const start = BigUint64Array.of(0x1000n);
    native.files.set(own, { names: 'main\0', start, size: start, kind: Uint8Array.of(0), complete: true });
    const command = { do: 'symbols', text: 'main', modules: [{ path: own, buildId: null }], pid: process.pid };
    const at = { do: 'symbol-at', offset: '0x1010', module: { path: own, buildId: null }, pid: process.pid };
    await ask(trueLaunch);
    for (const asked of [command, at])
      expect((await ask(asked))?.value).toMatchObject({ found: [{ name: 'main' }], unknown: [] });
    native.engine.publish(shortLife().batch());
    native.engine.finish();
    const saved = (await ask({ do: 'save' }))?.value as Extract<SaveReply, { base64: string }>;
    await ask({ do: 'open-bytes', name: saved.name, base64: saved.base64 });
    for (const asked of [command, at])
      expect((await ask(asked))?.value).toMatchObject({ found: [], unknown: [{ module: 0 }] });
  });

  test('with a path the file is written, relative to the working folder', async () => {
    const { ask } = await finished();
    expect((await ask({ do: 'save', path: 'a.keyhole' }))?.value).toEqual({ saved: join(folder, 'a.keyhole') });
    copyFileSync(join(folder, 'a.keyhole'), join(folder, 'b.keyhole'));
    expect(await ask({ do: 'open', path: 'b.keyhole' })).not.toHaveProperty('error');
  });

  test('a host with a dialog asks, and the person may think better of it', async () => {
    const choose = vi.fn(async (suggested: string): Promise<string | null> => join(folder, suggested));
    const { ask } = await finished({ chooseSavePath: choose });
    expect((await ask({ do: 'save' }))?.value).toEqual({ saved: join(folder, 'true.keyhole') });
    choose.mockResolvedValueOnce(null);
    expect((await ask({ do: 'save' }))?.value).toEqual({ cancelled: true });
  });
});
