import { expect, test } from 'vitest';
import { isPreset, presetWords } from './policyWords.ts';

test('what each preset leaves shared', () => {
  expect(presetWords).toEqual({
    observe: 'nothing tagged',
    'tag-all': 'none',
    'slot-only': 'slot',
    'startup-tcb': 'slot, TCB of T1',
    split: 'slot, TCB',
    'tcb-dtv': 'slot, TCB, DTV',
    neighbourhood: 'slot, TCB, 8 below',
  });
  expect([isPreset('split'), isPreset('mine')]).toEqual([true, false]);
});
