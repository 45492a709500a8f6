import { expect, test } from 'vitest';
import { fromBase64, splitWords, toBase64 } from './files.ts';

test('base64 both ways, also past one chunk', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31) & 255);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
});

test('command lines split as a shell would', () => {
  expect(splitWords(`-i "my clip.ivf"  --name='a "b"' c\\ d ""`)).toEqual([
    '-i',
    'my clip.ivf',
    '--name=a "b"',
    'c d',
    '',
  ]);
  expect(splitWords('   ')).toEqual([]);
  expect(() => splitWords('"open')).toThrow('open quote');
});
