import { expect, test } from 'vitest';
import { signalRights } from './signalRights.ts';
import { LogBuilder } from './testing/logBuilder.ts';

const INIT = 0x55555554;
const ONE = 0xfffffff0;
const TWO = 0xffffffcc;

const signal = (b: LogBuilder, rights: number | undefined, disposition: 'handler' | 'default' | 'ignored'): number =>
  b.row('signal', rights === undefined ? {} : { rights }, { signal: 'SIGUSR1', siCode: -6, disposition });
const byKernel = (b: LogBuilder, rights: number, tid = b.tid): number =>
  b.row('rights', { rights, cause: 'kernel', tid });

const builder = (): LogBuilder => Object.assign(new LogBuilder(), { pid: 10, tid: 10 });

test('before, inside, and after; what the handler sets itself is neither', () => {
  const b = builder();
  const at = signal(b, ONE, 'handler');
  byKernel(b, INIT);
  b.row('rights', { rights: TWO, cause: 'program' });
  const back = byKernel(b, ONE);
  expect(signalRights(b.log(), at)).toEqual({ handled: true, before: ONE, inside: INIT, after: ONE, returned: back });
});

test('a signal inside a handler, and another thread’s meanwhile', () => {
  const b = builder();
  const outer = signal(b, ONE, 'handler');
  byKernel(b, INIT);
  const inner = signal(b, TWO, 'handler');
  byKernel(b, INIT, 11);
  byKernel(b, INIT);
  byKernel(b, TWO);
  byKernel(b, ONE);
  const log = b.log();
  expect(signalRights(log, inner)).toMatchObject({ before: TWO, inside: INIT, after: TWO });
  expect(signalRights(log, outer)).toMatchObject({ before: ONE, inside: INIT, after: ONE });
});

test('unknown is unknown: rights never read, a handler that has not returned, one that left with its thread', () => {
  const b = builder();
  const at = signal(b, undefined, 'handler');
  expect(signalRights(b.log(), at)).toEqual({ handled: true, before: null, inside: null, after: null, returned: null });
  byKernel(b, INIT);
  expect(signalRights(b.log(), at)).toMatchObject({ inside: INIT, after: null });
  b.row('thread-exit');
  b.row('thread-birth');
  byKernel(b, ONE);
  expect(signalRights(b.log(), at)).toMatchObject({ inside: INIT, after: null, returned: null });
});

test('without a handler there is no inside, and other rows are no signals', () => {
  const b = builder();
  const at = signal(b, ONE, 'default');
  const next = byKernel(b, INIT);
  expect(signalRights(b.log(), at)).toMatchObject({ handled: false, before: ONE, inside: null, after: null });
  expect(signalRights(b.log(), next)).toBeNull();
});
