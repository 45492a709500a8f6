import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asPid, PAGE } from '../contract/ids.ts';
import { EventLog } from './eventLog.ts';
import { History } from './history.ts';
import { keyHistory } from './keyHistory.ts';
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
