import { expect, it } from 'vitest';
import { hexDump } from './hexDump.ts';

it('writes sixteen bytes a line, in hex and as text', () => {
  const digits = '4b6579686f6c6500ff7e7f2000000000'.concat('41');
  expect(hexDump(0x1000, digits)).toEqual([
    { at: 0x1000, hex: '4b65 7968 6f6c 6500 ff7e 7f20 0000 0000', text: 'Keyhole··~· ····' },
    { at: 0x1010, hex: '41', text: 'A' },
  ]);
});

it('says nothing about memory that could not be read', () => {
  expect(hexDump(0x1000, '')).toEqual([]);
});
