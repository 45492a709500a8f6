/** What the README of the example claims: ten threads, four compartments, the same in every run. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { History } from '../core/model/history.ts';
import { tlsVariables } from '../core/model/tlsSymbols.ts';
import { type Recording, recordFile, root } from '../native/targets/record.ts';

const folder = join(root, 'examples/ten-threads');
const run = (name: string): Recording => recordFile(join(folder, `${name}.json`));

beforeAll(() => {
  execFileSync('make', ['-s', '-C', folder]);
});

describe('ten threads', () => {
  it('keep to their compartments under split', () => {
    const { summary, output } = run('split');
    expect(output).toContain('store 106 codec 333 trace 63');
    expect(summary.exit).toEqual({ code: 0 });
    expect(summary.faults).toEqual([]);
    expect(summary.threads).toHaveLength(10);
    // Each library's thread-locals are private from every thread's birth on.
    const own = summary.tags.filter((tag) => tag.rule === 'R4' && tag.cause === 'policy');
    for (const key of [2, 3, 4]) expect(own.filter((tag) => tag.key === key)).toHaveLength(10);
  });

  it('names each library’s thread-locals, where every thread has them', () => {
    const { log } = run('split');
    const row = [...Array(log.length).keys()].findLast((i) => log.kind(i) === 'thread-name') ?? -1;
    const world = new History(log).at(row);
    const threads = world.mainPid === null ? [] : world.threadsOf(world.mainPid).filter(({ tls }) => tls !== null);
    expect(threads.length).toBeGreaterThan(1);
    for (const { tls } of threads) {
      const own = world.main && tls ? tlsVariables(world.main, tls).filter(({ name }) => name === 'own') : [];
      expect(own.map(({ module }) => module).sort()).toEqual(['libcodec.so', 'libstore.so', 'libtrace.so']);
      for (const { offset, size } of own) expect([offset < 0, size]).toEqual([true, 4096]);
    }
  });

  it('denied: thread 5 dies in its own code over the store’s data, and the record says who and whose', () => {
    const { summary, log } = run('denied');
    expect(summary.exit).toEqual({ signal: 'SIGSEGV', siCode: 4 });
    expect(summary.faults).toHaveLength(1);
    expect(summary.faults[0]).toMatchObject({
      accessor: { key: 1, name: 'main' },
      owner: { key: 2, name: 'store' },
      key: 2,
      rights: '0xfffffff0',
    });
    const row = [...Array(log.length).keys()].find((i) => log.kind(i) === 'fault') ?? -1;
    const { instruction, backtrace } = log.needFacts(row, 'fault');
    expect(instruction.source?.file).toMatch(/main\.c$/);
    expect(backtrace?.map((frame) => frame.symbol?.replace(/[+@].*/, ''))).toEqual(
      expect.arrayContaining(['work', 'thread', 'start_thread']),
    );
  });
});
