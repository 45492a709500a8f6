import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { asEventIndex, asPid, asTid } from '../../core/contract/ids.ts';
import type { Request, ToRenderer } from '../../core/contract/messages.ts';
import { build } from '../../core/model/testing/synthetic.ts';
import type { Link, LinkState } from '../host.ts';
import { stepEvent, stepFault, stepPage, stepThread } from './steps.ts';
import { createWindowStore } from './store.ts';
import { waitingFor } from './waiting.ts';

let frames: (() => void)[] = [];
const nextFrame = (): void => {
  const due = frames;
  frames = [];
  for (const frame of due) frame();
};

beforeEach(() => {
  frames = [];
  const kept = new Map<string, string>();
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});
afterEach(() => vi.unstubAllGlobals());

function open() {
  const sent: Request[] = [];
  let tell: (message: ToRenderer) => void = () => {};
  let change: (state: LinkState) => void = () => {};
  const link: Link = {
    send: (request) => sent.push(request),
    onMessage: (listener) => {
      tell = listener;
      return () => {};
    },
    onState: (listener) => {
      change = listener;
      return () => {};
    },
    reconnect: () => {},
  };
  const store = createWindowStore(link, 'dark');
  return { store, sent, tell: (message: ToRenderer) => tell(message), change: (state: LinkState) => change(state) };
}

const live = { type: 'source', source: { kind: 'live', title: 'dav1d', launchPath: null } } as const;

test('a command is answered by its own reply, or refused in the words of the session', async () => {
  const { store, sent, tell } = open();
  const pause = store.getState().command({ do: 'pause' });
  const save = store.getState().command({ do: 'save' });
  const [first, second] = sent;
  if (!first || !second) throw new Error('nothing was sent');
  tell({ type: 'reply', id: second.id, value: { cancelled: true } });
  tell({ type: 'reply', id: first.id, error: 'the program has ended' });
  await expect(save).resolves.toEqual({ cancelled: true });
  await expect(pause).rejects.toThrow('the program has ended');
});

test('a lost connection refuses what still waits', async () => {
  const { store, change } = open();
  const pause = store.getState().command({ do: 'pause' });
  change('lost');
  await expect(pause).rejects.toThrow('lost');
  expect(store.getState().link).toBe('lost');
});

test('many batches make one update a frame, and none is left out', () => {
  const { store, tell } = open();
  const builder = build({ story: 'live', crossings: 200 });
  tell(live);
  let updates = 0;
  store.subscribe((state, before) => {
    if (state.length !== before.length) updates++;
  });
  for (let at = 0; at < builder.length; at += 10) {
    tell({ type: 'batch', batch: builder.batch(at, Math.min(builder.length, at + 10)) });
  }
  expect(store.getState().length).toBe(0);
  nextFrame();
  expect(store.getState().length).toBe(builder.length);
  expect(updates).toBe(1);
});

test('what the window waits for: a first word, the first rows of a program, all rows of a saved log', () => {
  const { store, tell } = open();
  const now = () => waitingFor(store.getState());
  expect(now()).toBe('session');
  tell({ type: 'source', source: { kind: 'none' } });
  expect(now()).toBeNull();
  tell(live);
  const builder = build({ story: 'live', crossings: 200 });
  tell({ type: 'batch', batch: builder.batch(0, 1) });
  nextFrame();
  expect(now()).toBe('program');
  tell({ type: 'batch', batch: builder.batch(1) });
  store.getState().look();
  expect(now()).toBeNull();
  tell({ type: 'source', source: { kind: 'snapshot', title: 'saved', rows: builder.length } });
  tell({ type: 'batch', batch: builder.batch(0, 50) });
  expect(now()).toBe('log');
  tell({ type: 'batch', batch: builder.batch(50) });
  expect(now()).toBeNull();
  // An empty log is not waited for, and neither is a program that could not be started.
  tell({ type: 'source', source: { kind: 'snapshot', title: 'empty', rows: 0 } });
  expect(now()).toBeNull();
  tell(live);
  tell({ type: 'failed', error: 'the engine died' });
  expect(now()).toBeNull();
});

test('what is under way is said until it is answered, the newest first', async () => {
  const { store, sent, tell } = open();
  const said: (string | null)[] = [];
  const answer = async (at: number, error?: string): Promise<void> => {
    tell({ type: 'reply', id: sent[at]?.id ?? 0, ...(error === undefined ? {} : { error }) });
    await new Promise((resolve) => setTimeout(resolve));
    said.push(store.getState().underWay);
  };
  const save = store.getState().command({ do: 'save' });
  const refused = expect(store.getState().command({ do: 'revert' })).rejects.toThrow('nothing to take back');
  void store.getState().command({ do: 'examples' });
  said.push(store.getState().underWay);
  await answer(1, 'nothing to take back');
  await answer(0);
  await save;
  await refused;
  expect(said).toEqual(['Taking back the last step…', 'Saving the snapshot…', null]);
});

test('a saved log is looked at once, when all of it is there; meanwhile it is said how much is', () => {
  const { store, tell } = open();
  const builder = build({ story: 'live', crossings: 200 });
  tell({ type: 'source', source: { kind: 'snapshot', title: 'saved', rows: builder.length } });
  const seen: [number, number | null][] = [];
  store.subscribe(({ length, reading }) => seen.push([length, reading]));
  for (let at = 0; at < builder.length; at += 50) {
    tell({ type: 'batch', batch: builder.batch(at, Math.min(builder.length, at + 50)) });
  }
  expect(seen).toEqual([
    [0, 50],
    [builder.length, null],
  ]);
});

test('what came of a saved log before the connection was lost is shown', async () => {
  const { store, tell, change } = open();
  const builder = build({ story: 'live', crossings: 200 });
  tell({ type: 'source', source: { kind: 'snapshot', title: 'saved', rows: builder.length } });
  tell({ type: 'batch', batch: builder.batch(0, 50) });
  change('lost');
  await Promise.resolve();
  expect([store.getState().length, store.getState().reading]).toEqual([50, null]);
});

test('a batch that does not continue the log is a failure with words, and what was there stays', () => {
  const { store, tell } = open();
  const builder = build({ story: 'live', crossings: 20 });
  tell(live);
  tell({ type: 'batch', batch: builder.batch(0, 20) });
  tell({ type: 'batch', batch: builder.batch(0, 20) });
  nextFrame();
  expect(store.getState().failure).toContain('The log cannot continue');
  expect(store.getState().length).toBe(20);
});

test('a new source forgets the old log and everything picked in it', () => {
  const { store, tell } = open();
  tell(live);
  tell({ type: 'batch', batch: build({ story: 'split', crossings: 20 }).batch() });
  nextFrame();
  store.getState().goTo(asEventIndex(5));
  tell({ type: 'failed', error: 'the engine died' });
  tell({ type: 'source', source: { kind: 'snapshot', title: 'old', rows: 9 } });
  const { length, instant, selected, failure, log } = store.getState();
  expect([length, instant, selected, failure, log.length]).toEqual([0, null, null, null, 0]);
});

test('the same log once more, after the connection was lost: what is shown and picked stays', () => {
  const { store, tell } = open();
  const again = { ...live, log: 'one' };
  const builder = build({ story: 'live', crossings: 50 });
  tell(again);
  tell({ type: 'batch', batch: builder.batch() });
  nextFrame();
  store.getState().goTo(asEventIndex(40));
  store.getState().select({ kind: 'thread', tid: asTid(4129) });
  const before = store.getState();
  const lengths: number[] = [];
  store.subscribe(({ length }) => lengths.push(length));
  tell(again);
  // Half of it is there, and cut off again.
  tell({ type: 'batch', batch: builder.batch(0, 20) });
  tell(again);
  tell({ type: 'batch', batch: builder.batch(0, 30) });
  expect(store.getState().log).toBe(before.log);
  tell({ type: 'batch', batch: builder.batch(30) });
  builder.row('mark', {}, { text: 'one row more' });
  tell({ type: 'batch', batch: builder.batch(builder.length - 1) });
  store.getState().look();
  const after = store.getState();
  expect(after.log).not.toBe(before.log);
  expect(after).toMatchObject({ instant: 40, selected: { kind: 'thread', tid: 4129 }, length: before.length + 1 });
  expect(new Set(lengths)).toEqual(new Set([before.length, before.length + 1]));
  expect(after.failure).toBeNull();
  // Another log is another log, whatever it is called.
  for (const next of [{ ...live, log: 'two' }, live, live]) {
    store.getState().goTo(asEventIndex(0));
    tell(next);
    expect(store.getState().instant).toBeNull();
  }
});

test('stepping: back from live, on to live again, and from fault to fault', () => {
  const { store, tell } = open();
  tell(live);
  const builder = build({ story: 'live', crossings: 50 });
  tell({ type: 'batch', batch: builder.batch() });
  nextFrame();
  stepEvent(store, -1);
  expect(store.getState().instant).toBe(builder.length - 2);
  stepEvent(store, 1);
  expect(store.getState().instant).toBeNull();
  expect(stepFault(store, -1)).toBe(true);
  const { instant, log, selected } = store.getState();
  expect(log.kind(instant ?? -1)).toBe('fault');
  expect(selected).toEqual({ kind: 'event', index: instant });
  expect(stepFault(store, -1)).toBe(false);
});

test('stepping about one page, and along one thread', () => {
  const { store, tell } = open();
  tell(live);
  tell({ type: 'batch', batch: build({ story: 'live', crossings: 50 }).batch() });
  nextFrame();
  const { log, select } = store.getState();
  const page = 0x7f2a1c6e1000;
  select({ kind: 'page', pid: asPid(4127), addr: page + 0x768 });
  const seen: string[] = [];
  while (stepPage(store, -1)) seen.push(log.kind(store.getState().instant ?? -1));
  expect(seen).toEqual(['tag', 'fault', 'tag', 'map']);
  expect(store.getState().selected).toEqual({ kind: 'page', pid: 4127, addr: page });
  expect(stepPage(store, 1)).toBe(true);
  expect(log.kind(store.getState().instant ?? -1)).toBe('tag');

  select({ kind: 'thread', tid: asTid(4129) });
  expect(stepThread(store, -1)).toBe(true);
  expect(log.at(store.getState().instant ?? -1).tid).toBe(4129);
  const birth = store.getState().instant ?? -1;
  expect(stepThread(store, 1)).toBe(true);
  expect(store.getState().instant).toBeGreaterThan(birth);
});

test('the map is drawn as it was the last time, but a log’s own rows and keys are forgotten with it', () => {
  const before = open();
  before.tell(live);
  before.store.setState({ zoom: 'cells', colouring: 'owner', byOwner: true, filter: 'libc', keys: [2] });
  const { store, tell } = open();
  tell(live);
  expect(store.getState()).toMatchObject({
    zoom: 'cells',
    colouring: 'owner',
    byOwner: true,
    filter: 'libc',
    keys: [],
  });
});
