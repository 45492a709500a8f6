import { expect, test } from 'vitest';
import { asKey, asPkru } from '../contract/ids.ts';
import { onlyRights } from './rights.ts';
import { mayTouch } from './touch.ts';

const thread = (rights: number | 'unknown', state: 'running' | 'exited' = 'running') => ({
  state,
  rights: rights === 'unknown' ? rights : asPkru(rights),
});
const page = (key: number | null, prot: number | null) => ({ key: key === null ? null : asKey(key), prot });

test.each([
  [thread(onlyRights(1)), page(1, 3), 'read, write'],
  [thread(onlyRights(1)), page(2, 3), 'denied'],
  [thread(onlyRights(1)), page(1, 1), 'read'],
  // Key 2 may be read and not written.
  [thread(0xffffffec), page(2, 3), 'read only'],
  [thread(onlyRights(1)), page(1, 0), 'no access by protection'],
  [thread(onlyRights(1)), null, 'not mapped'],
  [thread(onlyRights(1), 'exited'), page(1, 3), 'exited'],
])('a thread whose rights are known, %#', (who, what, words) => {
  expect(mayTouch(who, what)).toBe(words);
});

test('what was never read is unknown, and never allowed', () => {
  expect(mayTouch(thread('unknown'), page(0, 3))).toBe('unknown');
  expect(mayTouch(thread(0), page(null, 3))).toBe('unknown');
  expect(mayTouch(thread(0), page(0, null))).toBe('unknown');
});
