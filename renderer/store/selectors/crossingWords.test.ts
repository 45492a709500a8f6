import { expect, test } from 'vitest';
import { History } from '../../../core/model/history.ts';
import { syntheticSession } from '../../../core/model/testing/synthetic.ts';
import { crossingWords } from './crossingWords.ts';

const log = syntheticSession({ story: 'split' });
const { session, crossings } = new History(log).at(log.length - 1);

test('crossings are counted where Keyhole makes the gates, and are never 0 where it does not', () => {
  if (!session) throw new Error('no session');
  expect(crossings).toBeGreaterThan(0);
  expect(crossingWords({ session, crossings })).toBe(crossings.toLocaleString('en'));
  expect(crossingWords({ session: { ...session, gates: 'program' }, crossings: 0 })).toMatch(/^not counted/);
  expect(crossingWords({ session: null, crossings: 0 })).toBe('unknown');
});
