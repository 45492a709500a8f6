import { expect, test } from 'vitest';
import { address, bytes, duration, list, offset, plural, prot, seconds, spans, tail } from './format.ts';

test('bytes in binary units', () => {
  expect([0, 512, 4096, 1536, 221184, 4 * 1024 ** 2 + 120000, 41.5 * 1024 ** 4].map(bytes)).toEqual([
    '0 B',
    '512 B',
    '4 KiB',
    '1.5 KiB',
    '216 KiB',
    '4.1 MiB',
    '41.5 TiB',
  ]);
});

test('program time keeps six decimals in two groups', () => {
  expect(seconds(214_803_400)).toBe('0.214\u00a0803');
  expect(seconds(1_284_000_000)).toBe('1.284\u00a0000');
  expect(seconds(999_999_900)).toBe('1.000\u00a0000');
});

test('durations', () => {
  expect([900, 2_500, 45_000, 9_400_000, 1_069_000_000].map(duration)).toEqual([
    '900 ns',
    '2.5 µs',
    '45 µs',
    '9.4 ms',
    '1.069 s',
  ]);
});

test('addresses, protections, offsets', () => {
  expect(address(0x7f2a1c6e1000)).toBe('7f2a1c6e1000');
  expect(address(0x400000)).toBe('000000400000');
  expect(tail(0x7f2a1c6e1000)).toBe('…6e1000');
  expect([0, 1, 3, 5, 255].map(prot)).toEqual(['---', 'r--', 'rw-', 'r-x', '???']);
  expect([offset(0x28), offset(-0x90)]).toEqual(['+0x28', '-0x90']);
});

test('words', () => {
  expect(plural(1, 'page')).toBe('1 page');
  expect(plural(2038, 'page')).toBe('2,038 pages');
  expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a and b', 'a, b and c']);
  expect([spans([]), spans([3]), spans([1, 3, 4, 5, 9])]).toEqual(['', '3', '1, 3 to 5, 9']);
});
