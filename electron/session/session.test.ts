import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { eventKinds } from '../../core/contract/events.ts';
import { concatBatches } from '../../core/contract/wire.ts';
import { Session } from './session.ts';
import { FakeNative } from './testing/fake-native.ts';
import { launchOf, shortLife } from './testing/scene.ts';

function launched() {
  const native = new FakeNative();
  const session = Session.launch(native, launchOf('/bin/true'), { kind: 'live', title: 'true', launchPath: null });
  onTestFinished(() => session.dispose());
  return { native, session, engine: native.engine };
}

const kindsOf = (session: Session): string[] => {
  const { columns, count } = concatBatches(session.log.batches);
  return Array.from(columns.kind.subarray(0, count), (kind) => eventKinds[kind] ?? '?');
};

describe('a live session', () => {
  test('passes every batch on, once and in order, and ends when the engine is done', async () => {
    const { session, engine } = launched();
    const life = shortLife();
    const seen: number[] = [];
    session.subscribe({ batch: (batch) => seen.push(batch.count) });
    engine.publish(life.batch(0, 2));
    engine.publish(life.batch(2));
    engine.finish();
    await session.ended;
    expect(seen).toEqual([2, 3]);
    expect(kindsOf(session)).toEqual(['process-birth', 'thread-birth', 'mark', 'thread-exit', 'process-exit']);
    expect(session.live).toBe(false);
    expect(engine.closed).toBe(1);
  });

  test('takes at most once in 16 ms, however often it is notified', async () => {
    const { session, engine } = launched();
    const life = shortLife();
    await expect.poll(() => engine.takes).toBeGreaterThan(0);
    const before = engine.takes;
    const start = performance.now();
    for (let i = 0; i < 1000; i++) engine.reply({ id: 9999 + i });
    engine.publish(life.batch());
    await expect.poll(() => session.log.rows, { interval: 2 }).toBe(5);
    const frames = Math.ceil((performance.now() - start) / 16) + 1;
    expect(engine.takes - before).toBeLessThanOrEqual(frames);
  });

  test('output becomes rows between the batches, and later details are renumbered', async () => {
    const { session, engine } = launched();
    const life = shortLife();
    engine.publish(life.batch(0, 2));
    await expect.poll(() => session.log.rows).toBe(2);
    engine.write('stdout', 'hällo\n');
    engine.write('stderr', 'oh\n');
    await expect.poll(() => session.log.rows).toBe(4);
    engine.publish(life.batch(2));
    engine.finish();
    await session.ended;
    const all = concatBatches(session.log.batches);
    expect(kindsOf(session).filter((kind) => kind === 'output')).toHaveLength(2);
    const detailOf = (row: number): unknown => JSON.parse(all.details[(all.columns.detail[row] ?? 0) - 1] ?? 'null');
    expect([detailOf(2), detailOf(3)]).toEqual(
      expect.arrayContaining([
        { stream: 'stdout', text: 'hällo\n' },
        { stream: 'stderr', text: 'oh\n' },
      ]),
    );
    expect(detailOf(4)).toEqual({ text: 'main' });
    expect(detailOf(6)).toEqual({ code: 0 });
    expect(all.columns.time[2]).toBe(all.columns.time[1]);
  });

  test('what the program did before it wrote comes first, although the frame is not over', async () => {
    const { session, engine } = launched();
    const life = shortLife();
    engine.publish(life.batch(0, 2));
    await expect.poll(() => session.log.rows, { interval: 1 }).toBe(2);
    engine.publish(life.batch(2));
    engine.write('stdout', 'last\n');
    await expect.poll(() => session.log.rows, { interval: 1 }).toBe(6);
    expect(kindsOf(session).at(-1)).toBe('output');
  });

  test('no output is lost at the end, not even half a character', async () => {
    const { session, engine } = launched();
    const chunks: Buffer[] = [];
    session.subscribe({ output: (_stream, chunk) => chunks.push(chunk) });
    const text = 'x'.repeat(60_000);
    engine.write('stdout', text);
    engine.write('stdout', Buffer.from([0xe2, 0x82]));
    engine.finish();
    await session.ended;
    expect(Buffer.concat(chunks)).toHaveLength(60_002);
    const texts = concatBatches(session.log.batches).details.map(
      (detail) => (JSON.parse(detail) as { text: string }).text,
    );
    expect(texts.join('')).toBe(`${text}\ufffd`);
  });

  test('ends although someone else holds the output pipes open', async () => {
    const { session, engine } = launched();
    engine.finishWithOpenPipes();
    await session.ended;
    expect(session.live).toBe(false);
  });

  test('commands get their own answers, values and errors', async () => {
    const { session, engine } = launched();
    const plan = session.command({ do: 'plan' });
    const pause = session.command({ do: 'pause' });
    const [first, second] = engine.commands;
    expect([first?.command, second?.command]).toEqual([{ do: 'plan' }, { do: 'pause' }]);
    engine.reply({ id: second?.id ?? 0, error: 'already paused' });
    engine.reply({ id: first?.id ?? 0, value: '[1,2]' });
    await expect(pause).rejects.toThrow('already paused');
    await expect(plan).resolves.toEqual([1, 2]);
  });

  test('a command that the end overtakes is answered', async () => {
    const { session, engine } = launched();
    const plan = session.command({ do: 'plan' });
    engine.finish();
    await expect(plan).rejects.toThrow('the program has ended');
    await session.ended;
    await expect(session.command({ do: 'pause' })).rejects.toThrow('the program has ended');
  });

  test('an engine that dies leaves its log readable and says why', async () => {
    const { session, engine } = launched();
    const failed = vi.fn();
    session.subscribe({ failed });
    engine.publish(shortLife().batch(0, 2));
    await expect.poll(() => session.log.rows).toBe(2);
    engine.break('the engine\nlost its tracee');
    await session.ended;
    expect(failed).toHaveBeenCalledWith('the engine lost its tracee');
    expect(session.failure).toBe('the engine lost its tracee');
    expect(session.log.rows).toBe(2);
    expect(engine.closed).toBe(1);
  });

  test('dispose kills, once, and settles what waits', async () => {
    const { session, engine } = launched();
    const plan = session.command({ do: 'plan' });
    session.dispose();
    session.dispose();
    await expect(plan).rejects.toThrow('the session was closed');
    await session.ended;
    expect(engine.closed).toBe(1);
  });

  test('a program that cannot be started is a mistake of the person, in the engine’s words', () => {
    const native = new FakeNative();
    native.refuse = '/bin/nope: exec format error';
    const source = { kind: 'live', title: 'nope', launchPath: null } as const;
    expect(() => Session.launch(native, launchOf('/bin/nope'), source)).toThrow('/bin/nope: exec format error');
  });
});
