import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asPkru, KEY_COUNT } from '../contract/ids.ts';
import {
  bandOf,
  compartmentOf,
  mayRead,
  mayWrite,
  onlyRights,
  rightsCells,
  rightsHex,
  rightsWords,
  withRight,
} from './rights.ts';

const values = [
  null,
  0,
  0xffffffff,
  0x55555554,
  0x55555550,
  0xfffffffc,
  0xfffffff0,
  0xffffffcc,
  0x3ffffffc,
  0xffffff00,
  0xfffffc30,
  0xaaaaaaaa,
  0xaaaaaaa8,
  0xffffffc8,
  0xffffff8c,
  0xff000000,
  0x00000030,
  0xf3f3f3f0,
];

describe('rights', () => {
  it('are words a person can read', async () => {
    const lines = values.map((value) => {
      const rights = value === null ? null : asPkru(value);
      const band = bandOf(rights);
      const shown = band.kind === 'key' ? `key ${band.key}` : band.kind;
      return `${rightsHex(rights)}: ${rightsWords(rights)} | compartment ${compartmentOf(rights) ?? 'none'} | band ${shown}`;
    });
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/rights.txt');
  });

  it('agree bit by bit with the two bits of each key', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
        const rights = asPkru(value);
        rightsCells(rights).forEach((cell, key) => {
          const accessDisabled = Math.floor(value / 2 ** (2 * key)) % 2 === 1;
          const writeDisabled = Math.floor(value / 2 ** (2 * key + 1)) % 2 === 1;
          expect(cell).toBe(accessDisabled ? 'closed' : writeDisabled ? 'read' : 'open');
          expect(mayRead(rights, key)).toBe(!accessDisabled);
          expect(mayWrite(rights, key)).toBe(!accessDisabled && !writeDisabled);
        });
      }),
    );
  });

  it('change in one key alone', () => {
    const right = fc.constantFrom('open' as const, 'read' as const, 'closed' as const);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.nat(KEY_COUNT - 1), right, (value, key, next) => {
        const before = rightsCells(asPkru(value));
        const after = rightsCells(asPkru(withRight(value, key, next)));
        expect(after).toEqual(before.map((cell, i) => (i === key ? next : cell)));
      }),
    );
  });

  it('name their compartment (T6)', () => {
    for (let key = 0; key < KEY_COUNT; key++) expect(compartmentOf(onlyRights(key))).toBe(key);
    expect(compartmentOf(asPkru(0xffffff00))).toBeNull();
  });
});
