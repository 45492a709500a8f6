import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { ToRenderer } from '../../core/contract/messages.ts';
import { decodeMessage, makeColumns } from '../../core/contract/wire.ts';
import { Desk } from '../session/desk.ts';
import { FakeNative } from '../session/testing/fake-native.ts';
import { shortLife, tempFolder, testPaths } from '../session/testing/scene.ts';
import { KeyholeServer } from './server.ts';

let native: FakeNative;
let server: KeyholeServer;
let url: URL;

beforeEach(async () => {
  const renderer = join(tempFolder(), 'renderer');
  mkdirSync(renderer);
  writeFileSync(join(renderer, '../secret.html'), 'secret');
  writeFileSync(join(renderer, 'index.html'), '<title>Keyhole</title>');
  writeFileSync(join(renderer, 'app.js'), 'export {}');
  writeFileSync(join(renderer, 'run.sh'), 'echo');
  native = new FakeNative();
  const desk = new Desk({
    native,
    paths: { ...testPaths, renderer },
    host: 'browser',
    cwd: '/',
    env: { PATH: '/bin' },
  });
  server = await KeyholeServer.start(desk);
  url = new URL(server.url);
  return () => {
    server.dispose();
    desk.dispose();
  };
});

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** A request with headers of our own choice; `fetch` would not let us lie about Host. */
const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: url.port, path, headers, method };
    const asked = request(options, async (response) => {
      let body = '';
      for await (const chunk of response) body += String(chunk);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    asked.on('error', reject).end();
  });

/** Connects; resolves with the socket and what it hears, or rejects with the refusal. */
const connect = (path: string, headers: Record<string, string> = {}) =>
  new Promise<{ socket: WebSocket; heard: ToRenderer[] }>((resolve, reject) => {
    const socket = new WebSocket(`ws://${url.host}${path}`, { headers });
    const heard: ToRenderer[] = [];
    socket.on('message', (data: Buffer, binary: boolean) => heard.push(decodeMessage(binary ? data : data.toString())));
    socket.on('open', () => resolve({ socket, heard }));
    socket.on('error', reject);
    onTestFinished(() => socket.terminate());
  });

describe('the page', () => {
  test('with the token, under a strict policy', async () => {
    const { status, headers, body } = await get(`/${url.search}`);
    expect([status, body]).toEqual([200, '<title>Keyhole</title>']);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`connect-src 'self' ws://${url.host};`);
    expect(policy).not.toContain('unsafe');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect((await get('/app.js')).headers['content-type']).toContain('text/javascript');
  });

  test('a viewer that reads late hears the whole log in order, and what came meanwhile', async () => {
    const one = await connect(`/session${url.search}`);
    one.socket.send(JSON.stringify({ id: 1, command: { do: 'launch', launch: { program: 'true' } } }));
    await expect.poll(() => one.heard.some(({ type }) => type === 'reply')).toBe(true);
    const sizes = Array.from({ length: 40 }, (_, i) => 20_000 + i);
    const publish = (count: number): void =>
      native.engine.publish({ count, columns: makeColumns(count), firstDetail: 1, details: [] });
    for (const size of sizes.slice(0, 20)) publish(size);
    const late = await connect(`/session${url.search}`);
    late.socket.pause();
    for (const size of sizes.slice(20)) publish(size);
    late.socket.resume();
    for (const { heard } of [one, late])
      await expect
        .poll(() => heard.flatMap((message) => (message.type === 'batch' ? [message.batch.count] : [])))
        .toEqual(sizes);
  });

  test('of a log that was given up, what still waits is not sent', async () => {
    const { socket, heard } = await connect(`/session${url.search}`);
    const ask = (id: number, command: object): void => socket.send(JSON.stringify({ id, command }));
    ask(1, { do: 'launch', launch: { program: 'true' } });
    await expect.poll(() => heard.some(({ type }) => type === 'reply')).toBe(true);
    socket.pause();
    for (let i = 0; i < 40; i++)
      native.engine.publish({ count: 100_000, columns: makeColumns(100_000), firstDetail: 1, details: [] });
    await expect.poll(() => native.engine.takes).toBeGreaterThan(40);
    ask(2, { do: 'close' });
    await expect.poll(() => native.engine.closed).toBe(1);
    socket.resume();
    await expect.poll(() => heard.some((message) => message.type === 'reply' && message.id === 2)).toBe(true);
    expect(heard.filter(({ type }) => type === 'batch').length).toBeLessThan(10);
    expect(heard.at(-2)).toEqual({ type: 'source', source: { kind: 'none' } });
  });

  test.each([
    ['no token', '/', {}, 403],
    ['a wrong token', `/?token=${'A'.repeat(43)}`, {}, 403],
    ['a wrong path', '/nope.js', {}, 404],
    ['a file of no page', '/run.sh', {}, 404],
    ['a way out of the folder', '/..%2fsecret.html', {}, 404],
    ['a way out in plain', '/../secret.html', {}, 404],
    ['a broken escape', '/%zz.html', {}, 404],
  ])('%s is refused', async (_name, path, headers, status) => {
    const answer = await get(path, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('secret');
  });

  test('another Host (DNS rebinding), another Origin and another method are refused', async () => {
    const path = `/${url.search}`;
    expect((await get(path, { host: 'evil.example' })).status).toBe(403);
    expect((await get(path, { host: `localhost:${url.port}` })).status).toBe(403);
    expect((await get(path, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await get(path, {}, 'POST')).status).toBe(405);
  });

  test('the once-address works once', async () => {
    const once = new URL(server.onceUrl());
    const first = await get(once.pathname + once.search);
    expect([first.status, first.headers.location]).toEqual([302, server.url]);
    expect((await get(once.pathname + once.search)).status).toBe(403);
    expect((await get('/once?pass=')).status).toBe(403);
  });

  test('listens on loopback only', () => {
    expect(url.hostname).toBe('127.0.0.1');
  });
});

describe('the session socket', () => {
  test('several viewers watch one session', async () => {
    const one = await connect(`/session${url.search}`, { origin: url.origin });
    const two = await connect(`/session${url.search}`);
    one.socket.send(JSON.stringify({ id: 1, command: { do: 'launch', launch: { program: 'true' } } }));
    await expect.poll(() => one.heard.find(({ type }) => type === 'reply')).toEqual({ type: 'reply', id: 1 });
    native.engine.publish(shortLife().batch());
    for (const { heard } of [one, two]) {
      await expect
        .poll(() => heard.map(({ type }) => type).filter((type) => type !== 'reply'))
        .toEqual(['hello', 'source', 'source', 'batch']);
      expect(heard.find((message) => message.type === 'batch')?.batch.count).toBe(5);
    }
    expect(two.heard.some(({ type }) => type === 'reply')).toBe(false);
  });

  test.each([
    ['no token', () => '/session', {}],
    ['a wrong token', () => '/session?token=x', {}],
    ['another Origin', () => `/session${url.search}`, { origin: 'http://evil.example' }],
    ['an opaque Origin', () => `/session${url.search}`, { origin: 'null' }],
    ['another Host', () => `/session${url.search}`, { host: 'evil.example' }],
  ])('%s is refused', async (_name, path, headers) => {
    await expect(connect(path(), headers)).rejects.toThrow('403');
  });

  test('another path is refused', async () => {
    await expect(connect(`/other${url.search}`)).rejects.toThrow('404');
  });

  test('a client that does not speak our language is hung up on', async () => {
    const { socket } = await connect(`/session${url.search}`);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.send('hello?');
    expect(await closed).toBe(1003);
  });
});

test('two servers have two secrets, and a port that is taken is named', async () => {
  const desk = new Desk({ native, paths: testPaths, host: 'browser', cwd: '/', env: {} });
  const other = await KeyholeServer.start(desk);
  onTestFinished(() => other.dispose());
  expect(new URL(other.url).search).not.toBe(url.search);
  await expect(KeyholeServer.start(desk, Number(url.port))).rejects.toThrow(
    new RegExp(`^port ${url.port}: .*EADDRINUSE`),
  );
});
