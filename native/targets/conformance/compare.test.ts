import { describe, expect, it } from 'vitest';
import { differences, type Limit, occursOn, plainOutput, unexplained, withoutMemory } from './compare.ts';
import { renewed } from './table.ts';

const sequences = (...lines: string[]) => new Map([['0', lines]]);

describe('differences', () => {
  it('are none between equals, whatever the order of threads', () => {
    expect(
      differences(
        new Map([
          ['0', ['a']],
          ['0.1', ['b']],
        ]),
        new Map([
          ['0.1', ['b']],
          ['0', ['a']],
        ]),
      ),
    ).toEqual([]);
  });

  it('forgive a thread that was cut short when another was killed, and no other', () => {
    const run = (end: string, ...lines: string[]) =>
      new Map([
        ['0', ['fault x', `process-exit ${end}`]],
        ['0.1', lines],
      ]);
    const killed = '{"signal":"SIGSEGV"}';
    expect(differences(run(killed, 'a', 'b'), run(killed, 'a'))).toEqual([]);
    expect(differences(run(killed, 'a', 'b'), run(killed, 'c'))).toHaveLength(3);
    expect(differences(run('{"code":0}', 'a', 'b'), run('{"code":0}', 'a'))).toHaveLength(1);
  });

  it('name what one side has more often, and an order that is not the same', () => {
    expect(differences(sequences('a', 'b', 'b'), sequences('a', 'b', 'c'))).toEqual([
      'thread 0: emulated: b',
      'thread 0: real: c',
    ]);
    expect(differences(sequences('a', 'b'), sequences('b', 'a'))).toEqual(['thread 0: the order differs']);
    expect(differences(sequences('a'), new Map())).toEqual(['thread 0: emulated: a']);
  });
});

it('who asked for memory can be left out', () => {
  expect(withoutMemory(sequences('map a', 'tag b', 'protect c', 'unmap d')).get('0')).toEqual(['tag b']);
});

describe('a listed difference', () => {
  const limit: Limit = { id: 'x', reason: 'r', lines: /real: c/, programs: ['p'] };

  it('explains the lines it names, in the programs it names, and no others', () => {
    expect(unexplained('p', ['thread 0: real: c'], [limit])).toEqual([]);
    expect(unexplained('p', ['thread 0: real: c', 'thread 0: real: d'], [limit])).toEqual(['thread 0: real: d']);
    expect(unexplained('q', ['thread 0: real: c'], [limit])).toEqual(['thread 0: real: c']);
  });

  it('may be one of newer kernels', () => {
    const since = { ...limit, fromLinux: '6.17' };
    expect(['6.1.0-56-amd64', '6.16.9', '5.19.1'].map((release) => occursOn(since, release))).toEqual([
      false,
      false,
      false,
    ]);
    expect(['6.17.0-rc1', '6.18.44-fc', '7.0.1'].map((release) => occursOn(since, release))).toEqual([
      true,
      true,
      true,
    ]);
    expect(occursOn(limit, '4.4')).toBe(true);
  });

  it('must occur', () => {
    expect(unexplained('p', [], [limit])).toHaveLength(1);
  });
});

it('outputs are compared without places and thread ids', () => {
  expect(plainOutput('page=0x7f66ec0e4123\nrights=0x55555554\ntid=0x12e\nok\n')).toBe(
    'page=address ending in 123\nrights=0x55555554\ntid\nok\n',
  );
});

it('the table replaces the one in the document', () => {
  const document = 'a\n<!-- made by bin/test guest --table -->\nold\n<!-- end -->\nz\n';
  const rows = [{ program: 'p', end: 'exit 0', fault: 'none', alone: 'same' }];
  const now = renewed(document, rows, []);
  expect(now).toMatch(/^a\n.*\| p \| exit 0 \| none \| same \| equal \|\n<!-- end -->\nz\n$/s);
  expect(renewed(now, rows, [])).toBe(now);
  expect(() => renewed('nothing', rows, [])).toThrow('lacks');
});
