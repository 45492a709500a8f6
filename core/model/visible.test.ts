import { expect, test } from 'vitest';
import { visible } from './visible.ts';

test('what would reorder a text is written out, every other letter stays', () => {
  expect(visible('play \u202egpj.exe')).toBe('play \\u202egpj.exe');
  expect(visible('\u061c\u200e\u200f\u202a\u2066\u2069')).toBe('\\u061c\\u200e\\u200f\\u202a\\u2066\\u2069');
  const plain = 'שלום, naïve – 0x28\u00a0\u200b';
  expect(visible(plain)).toBe(plain);
});
