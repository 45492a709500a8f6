import { expect, test } from 'vitest';
import { isPreset, presetWords } from './policyWords.ts';

test('what each preset leaves shared', () => {
  expect(presetWords).toMatchObject({
    observe: 'tags nothing',
    'tag-all': 'shares no page',
    'slot-only': 'shares slot',
    split: 'shares slot, TCB',
    neighbourhood: 'shares slot, TCB, 8 below',
  });
  expect([isPreset('split'), isPreset('mine')]).toEqual([true, false]);
});
