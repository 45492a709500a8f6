import { expect, test } from 'vitest';
import type { Command } from '../../../core/contract/commands.ts';
import { underWayWords } from './underWay.ts';

test('names what is started or opened, without its path', () => {
  expect(underWayWords({ do: 'launch', launch: { program: '/usr/bin/dav1d' } } as Command)).toBe('Starting dav1d…');
  expect(underWayWords({ do: 'open-bytes', name: 'a.keyhole', base64: '' })).toBe('Opening a.keyhole…');
  expect(underWayWords({ do: 'apply', policy: 'split' })).toBe('Applying split…');
  expect(underWayWords({ do: 'examples' })).toBeNull();
});

test('says something of a launch that nobody has checked yet', () => {
  for (const launch of [null, 3, [], {}, { program: 3 }])
    expect(underWayWords({ do: 'launch', launch } as unknown as Command)).toBe('Starting a program…');
});
