import { expect, test } from 'vitest';
import { asPkru } from '../../../core/contract/ids.ts';
import { History } from '../../../core/model/history.ts';
import { onlyRights } from '../../../core/model/rights.ts';
import { PID, sessionFacts } from '../../../core/model/testing/dav1dLayout.ts';
import { LogBuilder } from '../../../core/model/testing/logBuilder.ts';
import { deniedAfter, isPreset, presetWords } from './policyWords.ts';

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

test('says before a policy is applied to a program that runs already whom it would deny', () => {
  const worldOf = (attached: boolean, rights: readonly number[]) => {
    const b = new LogBuilder();
    b.pid = PID;
    const control = { pid: PID, control: 'full' } as const;
    b.row('session', { tid: 0 }, { ...sessionFacts('split'), ...(attached ? { attached: control } : {}) });
    b.row('process-birth', { cause: 'kernel' }, {});
    for (const [i, value] of rights.entries()) b.row('thread-birth', { tid: b.pid + i, rights: value }, {});
    const log = b.log();
    return new History(log).at(log.length - 1);
  };
  const steps = [{ start: '0x1000', end: '0x2000', key: 2, rule: 'S1' as const, what: '.data' }];
  const shared = steps.map((step) => ({ ...step, key: 0 }));
  const none = asPkru(0x55555554);
  expect(deniedAfter(worldOf(true, [none, onlyRights(2)]), steps)).toBe(
    'The program runs already, and T1 has no right to key 2: the next access to pages that get it is denied, unless you change rights first.',
  );
  expect(deniedAfter(worldOf(true, [none]), shared)).toBeNull();
  expect(deniedAfter(worldOf(true, [onlyRights(2)]), steps)).toBeNull();
  expect(deniedAfter(worldOf(false, [none]), steps)).toBeNull();
});
