import { expect, test } from 'vitest';
import { History } from '../../../core/model/history.ts';
import { syntheticSession } from '../../../core/model/testing/synthetic.ts';
import { lastFault } from './focus.ts';
import { moduleParts } from './segments.ts';

test('a module in parts: code, RELRO left shared, data with its key and rule', () => {
  const log = syntheticSession({ story: 'live' });
  const world = new History(log).at(lastFault(log, log.length - 1));
  const space = world.main;
  const module = space?.modules.find((each) => each.short === 'libdav1d');
  if (!space || !module) throw new Error('no module');
  const parts = moduleParts(world, space, module);
  expect(parts.map((part) => [part.what, part.key])).toEqual([
    ['code', 0],
    ['RELRO', 0],
    ['.data', 2],
  ]);
  expect(parts[2]?.how).toContain('S1');
  expect(parts[1]?.how).toBe('never tagged');
});
