import { expect, test } from 'vitest';
import { EventLog } from '../../../core/model/eventLog.ts';
import { build } from '../../../core/model/testing/synthetic.ts';
import { rowsOf } from './rows.ts';

test('rows of a kind, up to an instant, and as the log grows', () => {
  const builder = build({ story: 'live' });
  const log = new EventLog();
  const half = Math.floor(builder.length / 10);
  log.append(builder.batch(0, half));
  const before = rowsOf(log, 'policy').length;
  log.append(builder.batch(half));
  const all = rowsOf(log, 'policy');
  expect(all.length).toBeGreaterThan(before);
  expect(all.every((row) => log.kind(row) === 'policy')).toBe(true);
  expect(all.length).toBe(
    Array.from({ length: log.length }, (_, i) => log.kind(i)).filter((k) => k === 'policy').length,
  );
  const first = all[0] ?? -1;
  expect(rowsOf(log, 'policy', first)).toEqual([first]);
  expect(rowsOf(log, 'policy', first - 1)).toEqual([]);
});
