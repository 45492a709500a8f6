import { describe, expect, it } from 'vitest';
import { EventLog } from './eventLog.ts';
import { findings } from './findings.ts';
import { History } from './history.ts';
import { changeWords, keyHistory } from './keyHistory.ts';
import { bytesOverTime, keyTable } from './keys.ts';
import { labelsOf } from './labels.ts';
import { shortModule, timeWords } from './names.ts';
import { SLOT, threads, tlsFacts } from './testing/dav1dLayout.ts';
import { build, syntheticSession } from './testing/synthetic.ts';
import { fsOffset, tlsFieldAt } from './tls.ts';

const history = new History(syntheticSession({ story: 'stopped' }));
const world = history.latest();
const space = world.main;
if (!space) throw new Error('no address space');
const labels = labelsOf(world, space);
const [main, second] = threads;

describe('labels', () => {
  it('cover the whole session as the golden text says', async () => {
    const lines = space.regions.flatMap((region) =>
      labels.runs(region).map((run) => {
        const pages = (run.end - run.start) / 4096;
        return `${run.start.toString(16)} ${pages} key ${region.key} | ${run.label.owner} | ${run.label.text}`;
      }),
    );
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/labels.txt');
  });

  it('cut every region into runs without a gap, each labelled as its addresses are', () => {
    for (const region of space.regions) {
      const runs = labels.runs(region);
      expect(runs[0]?.start).toBe(region.start);
      expect(runs.at(-1)?.end).toBe(region.end);
      runs.forEach((run, i) => {
        if (i > 0) expect(run.start).toBe(runs[i - 1]?.end);
        expect(labels.at(run.start)).toEqual(run.label);
        expect(labels.at(run.end - 1)).toEqual(run.label);
      });
    }
  });

  it('survive a split and a merge of the region', () => {
    const b = build({ story: 'stopped' });
    b.row('protect', { start: 0x7f2a1c5d5000, end: 0x7f2a1c5d6000, protAfter: 1 });
    b.row('tag', { start: 0x7f2a10400000, end: 0x7f2a10401000, keyAfter: 3, protAfter: 3 });
    const after = new History(b.log()).latest();
    const there = after.main && labelsOf(after, after.main);
    expect(there?.at(0x7f2a1c5d5800)).toMatchObject({ kind: 'data', owner: 'libc' });
    expect(there?.at(0x7f2a10400800)).toMatchObject({ kind: 'stack', owner: 'T2 dav1d-worker' });
  });

  it('keep the stacks and TLS of a process that has ended, but not of a thread whose memory was mapped anew', () => {
    const ended = new History(syntheticSession({ story: 'tag-all' })).latest();
    const there = ended.main && labelsOf(ended, ended.main);
    expect(there?.at(0x7f2a107ff800)).toMatchObject({ kind: 'tls', owner: 'T2 dav1d-worker' });
    const b = build({ story: 'tag-all' });
    b.row('map', { start: 0x7f2a10000000, end: 0x7f2a10800000, protAfter: 3, keyAfter: 0 }, { name: '' });
    const reused = new History(b.log()).latest();
    expect(reused.main && labelsOf(reused, reused.main).at(0x7f2a107ff800)).toMatchObject({ kind: 'anonymous' });
  });

  it('note what is special about a page', () => {
    expect(labels.notes(0x7f2a1c6e1000)).toEqual(['TCB page of T1', 'TLS block of libc.so.6 of T1']);
    expect(labels.notes(0x7f2a1c6e2000)).toEqual(['rseq area of T1', 'DTV of T1']);
    expect(labels.notes(SLOT)).toContain('stack-pointer slot of T1');
    expect(labels.at(0x1000)).toMatchObject({ kind: 'unmapped' });
  });
});

describe('TLS anatomy', () => {
  it('names fields by offset from the thread pointer', () => {
    const name = (offset: number) => tlsFieldAt(tlsFacts(second), second.tp + offset)?.name ?? null;
    expect(
      [0x0, 0x7, 0x8, 0x10, 0x28, 0x2f, 0x30, 0x38, 0x2d0, 0x2e0, 0x920, 0x93f, 0x940, -0x20, -0x91].map(name),
    ).toEqual([
      'TCB self pointer',
      'TCB self pointer',
      'DTV pointer',
      'self pointer',
      'stack-protector canary',
      'stack-protector canary',
      'pointer guard',
      'thread descriptor',
      'tid',
      'robust list',
      'rseq area',
      'rseq area',
      null,
      'TLS block of libc.so.6',
      null,
    ]);
    expect(tlsFieldAt(tlsFacts(main), SLOT + 0x10)?.class).toBe('stack-pointer slot');
    expect([fsOffset(0x28), fsOffset(-0x20)]).toEqual(['%fs:0x28', '%fs:-0x20']);
  });
});

describe('keys', () => {
  it('count the memory of each key', () => {
    const table = keyTable(world, space);
    expect(table.map(({ letter, name, free }) => [letter, name, free]).slice(0, 4)).toEqual([
      ['S', 'shared', false],
      ['A', 'cli', false],
      ['B', 'decoder', false],
      ['C', null, true],
    ]);
    expect(table[2]).toMatchObject({ pages: 68, writablePages: 68, bytes: 68 * 4096 });
    const mapped = space.regions.reduce((sum, region) => sum + (region.end - region.start), 0);
    expect(table.reduce((sum, row) => sum + row.bytes, 0)).toBe(mapped);
  });

  it('follow it over time', () => {
    const series = bytesOverTime(history, 0, world.time, 20);
    expect(series).toHaveLength(21);
    expect(series[10]?.bytes[2]).toBe(0);
    expect(series[20]?.bytes[2]).toBe(68 * 4096);
  });
});

describe('keyHistory', () => {
  it('tells a key that was lost, moved and inherited', () => {
    const b = build({ story: 'stopped' });
    const page = { start: 0x7f2a1c6e1000, end: 0x7f2a1c6e2000 };
    b.row('map', { ...page, protAfter: 3, keyAfter: 0 }, { name: '' });
    b.row('tag', { ...page, keyAfter: 1, failed: true });
    b.row('process-birth', { pid: 5000 }, { parent: 4127, copyOf: 4127 });
    b.row('unmap', { ...page, pid: 5000 });
    b.row('map', { ...page, pid: 5000, protAfter: 3, keyAfter: 2 }, { name: '', from: '0x1000' });
    const words = keyHistory(b.log(), 5000, page.start).map((change) => `${change.after}: ${changeWords(change)}`);
    expect(words).toEqual([
      '0: mapped by the program',
      '1: tagged by rule R4 (slot-only)',
      '0: key lost: mapped anew over a tagged page',
      '0: copied by fork',
      'null: unmapped by the program',
      '2: moved by the program',
    ]);
  });
});

describe('a log that grows', () => {
  it('tells the key history of a page as if it were read at once', () => {
    const page = 0x7f2a1c6e1000;
    const whole = build({ story: 'live', crossings: 40 });
    const log = new EventLog();
    for (let at = 0; at < whole.length; at += 7) {
      log.append(whole.batch(at, Math.min(whole.length, at + 7)));
      const fresh = new EventLog();
      fresh.append(log.slice());
      expect(keyHistory(log, 4127, page)).toEqual(keyHistory(fresh, 4127, page));
    }
    const middle = Math.floor(log.length / 2);
    const early = keyHistory(log, 4127, page, middle);
    expect(early).toEqual(keyHistory(whole.log(), 4127, page, middle));
    expect(keyHistory(log, 4127, page)).toEqual(keyHistory(whole.log(), 4127, page));
  });

  it('finds lost keys once, whenever it is asked', () => {
    const b = build({ story: 'stopped' });
    const log = b.log();
    expect(findings(log).filter((finding) => finding.class === 'key-lost')).toHaveLength(0);
    const before = b.length;
    b.row('map', { start: 0x7f2a1c6e1000, end: 0x7f2a1c6e2000, protAfter: 3, keyAfter: 0 }, { name: '' });
    log.append(b.batch(before));
    for (let i = 0; i < 2; i++) expect(findings(log).filter((finding) => finding.class === 'key-lost')).toHaveLength(1);
  });
});

describe('names', () => {
  it('are short', () => {
    const names = [
      'libdav1d.so.6',
      '/lib64/ld-linux-x86-64.so.2',
      'libc.so.6',
      'libstdc++.so.6.0.30',
      'libc-2.31.so',
      '/usr/bin/dav1d',
      'a.out',
    ];
    expect(names.map(shortModule)).toEqual(['libdav1d', 'ld.so', 'libc', 'libstdc++', 'libc', 'dav1d', 'a.out']);
    expect(timeWords(214_803_000)).toBe('0.214 803 s');
  });
});
