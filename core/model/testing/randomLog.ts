/** Random but well-formed logs, for properties over replay and for measurements. */
import { PAGE } from '../../contract/ids.ts';
import { onlyRights } from '../rights.ts';
import { LogBuilder } from './logBuilder.ts';

/** A small linear congruential generator: the same seed, the same log, on every machine. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x100000000) * below);
  };
}

/** `rows` rows over two processes and a few threads: memory, rights, gates, births and deaths. */
export function randomLog(seed: number, rows: number): LogBuilder {
  const next = randomOf(seed);
  const b = new LogBuilder();
  b.pid = 10;
  b.tid = 10;
  b.row('process-birth', {}, {});
  b.row('thread-birth', { rights: 0x55555554 }, { name: 'main' });
  let forked = false;
  for (let i = 0; i < rows; i++) {
    const pid = forked && next(3) === 0 ? 11 : 10;
    const tid = pid === 11 ? 11 : 10 + 2 * next(3);
    const start = (16 + next(64)) * PAGE;
    const base = { pid, tid, start, end: start + (1 + next(12)) * PAGE, failed: next(20) === 0 };
    const pick = next(16);
    if (pick < 4) b.row('map', { ...base, protAfter: next(4), keyAfter: 0 }, { name: pick ? '' : '[heap]' });
    else if (pick < 5) b.row('unmap', base);
    else if (pick < 7) b.row('protect', { ...base, protAfter: next(4) });
    else if (pick < 10) b.row('tag', { ...base, keyAfter: next(3), protAfter: 3, rule: 'R4', cause: 'policy' });
    else if (pick < 12) b.row('crossing', { pid, tid, keyBefore: 1, keyAfter: next(3), rights: onlyRights(next(3)) });
    else if (pick < 13) b.row(next(2) ? 'hold' : 'release', { pid, tid });
    else if (pick < 14) b.row('key-alloc', { pid, tid, keyAfter: 1 + next(15) });
    else if (pick < 15) b.row(next(4) ? 'thread-birth' : 'thread-exit', { pid, tid });
    else if (!forked) {
      b.row('process-birth', { pid: 11, tid: 10 }, { parent: 10, copyOf: 10 });
      forked = true;
    } else if (next(6) === 0) b.row('exec', { pid: 11, tid: 11 }, { path: '/bin/true' });
  }
  return b;
}
