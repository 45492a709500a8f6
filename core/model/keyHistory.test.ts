import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asPid, PAGE } from '../contract/ids.ts';
import { EventLog } from './eventLog.ts';
import { History } from './history.ts';
import { keyHistory } from './keyHistory.ts';
import { LogBuilder } from './testing/logBuilder.ts';
import { randomLog } from './testing/randomLog.ts';

it('ends, at any instant and however the log grew meanwhile, with the key that the page has then', () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.integer({ min: 16, max: 90 }), fc.nat(299), (seed, number, cut) => {
      const b = randomLog(seed, 300);
      const log = new EventLog();
      const page = number * PAGE;
      log.append(b.batch(0, cut));
      keyHistory(log, 10, page);
      log.append(b.batch(cut));
      const history = new History(log);
      for (let row = 0; row < log.length; row += 7) {
        const last = keyHistory(log, 10, page, row).at(-1);
        const region = history.at(row).spaces.get(asPid(10))?.at(page);
        if (region) expect(last?.after).toBe(region.key);
      }
    }),
    { numRuns: 40 },
  );
});

it('finds rows about much memory and about the edge of a stretch alike', () => {
  const b = new LogBuilder();
  const start = 0x7f0000000000;
  const end = start + (256 << 20);
  const edge = start + (32 << 20);
  b.row('process-birth', {}, {});
  b.row('map', { start, end, protAfter: 3, keyAfter: 0 }, { name: '' });
  b.row('tag', { start: edge - PAGE, end: edge + PAGE, keyAfter: 1, protAfter: 3 });
  b.row('tag', { start: edge, end: edge + PAGE, keyAfter: 2, protAfter: 3 });
  b.row('unmap', { start: start + PAGE, end });
  const log = b.log();
  const kinds = (page: number): string =>
    keyHistory(log, b.pid, page)
      .map(({ what, after }) => `${what} ${after}`)
      .join(', ');
  expect(kinds(edge - PAGE)).toBe('mapped 0, tagged 1, unmapped null');
  expect(kinds(edge)).toBe('mapped 0, tagged 1, tagged 2, unmapped null');
  expect(kinds(end - PAGE)).toBe('mapped 0, unmapped null');
  expect(kinds(start)).toBe('mapped 0');
  expect(kinds(end)).toBe('');
});
