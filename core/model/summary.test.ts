import { describe, expect, it } from 'vitest';
import { EventLog } from './eventLog.ts';
import { findings, lastComparison } from './findings.ts';
import { tagsAgainstPlan } from './planCheck.ts';
import { recordSummary } from './summary.ts';
import { build, syntheticSession } from './testing/synthetic.ts';

describe('recordSummary', () => {
  it('tells the death under tag-all', () => {
    const log = syntheticSession({ story: 'tag-all' });
    const summary = recordSummary(log);
    expect(summary).toMatchObject({
      exit: { signal: 'SIGSEGV', siCode: 4 },
      keys: 'emulated',
      gates: 'virtual',
      policy: 'tag-all',
      threads: [
        { tid: 4127, name: 'dav1d' },
        { tid: 4129, name: 'dav1d-worker' },
        { tid: 4130, name: 'dav1d-worker' },
      ],
    });
    expect(summary.events).toMatchObject({ total: log.length, dropped: 0 });
    expect(Object.values(summary.events.byKind).reduce((sum, n) => sum + n, 0)).toBe(log.length);
    expect(summary.crossings).toBe(summary.events.byKind.crossing);
    expect(summary.faults).toHaveLength(1);
    expect(summary.faults[0]).toMatchObject({
      address: '0x7f2a1c6e1768',
      key: 1,
      rights: '0xffffffcc',
      thread: 4127,
      instruction: { module: 'libdav1d.so.6', text: 'mov rax, qword fs:[0x28]' },
      accessor: { key: 2, name: 'decoder' },
      owner: { key: 1, name: 'cli' },
      class: 'stack-protector canary',
    });
    expect(summary.tags).toContainEqual({
      start: '0x7f2a1c6e1000',
      end: '0x7f2a1c6e2000',
      key: 1,
      rule: 'R4',
      thread: 4127,
      cause: 'policy',
    });
  });

  it('tells the good end under split', () => {
    const summary = recordSummary(syntheticSession({ story: 'split' }));
    expect(summary).toMatchObject({ exit: { code: 0 }, policy: 'split', faults: [] });
    expect(summary.tags.map((tag) => tag.rule)).toEqual(expect.arrayContaining(['S1', 'R4', 'R5', 'R6', 'R10']));
  });

  it('is quick where the same access is denied many thousand times', () => {
    const b = build({ story: 'stopped' });
    const fault = b.log();
    const facts = fault.needFacts(fault.length - 2, 'fault');
    for (let i = 0; i < 20_000; i++) b.row('fault', { rights: facts.rights ?? 0 }, facts);
    const log = b.log();
    // Its own time, whatever else the machine is busy with.
    const before = process.cpuUsage();
    const summary = recordSummary(log);
    expect(summary.faults).toHaveLength(20_001);
    expect(new Set(summary.faults.map((one) => one.explanation)).size).toBe(1);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(5000);
  });

  it('counts what a finding says was dropped, and leaves plain crashes out of the faults', () => {
    const b = build({ story: 'stopped' });
    b.row('finding', {}, { class: 'dropped', text: '17 events were dropped' });
    const fault = b.log().needFacts(b.length - 3, 'fault');
    b.row('fault', {}, { ...fault, outcome: 'plain' });
    const summary = recordSummary(b.log());
    expect(summary.events.dropped).toBe(17);
    expect(summary.faults).toHaveLength(1);
    expect(summary.exit).toBeNull();
  });

  it('refuses an empty log', () => {
    expect(() => recordSummary(new EventLog())).toThrow('the log has no session row: nothing was recorded');
  });
});

describe('findings', () => {
  it('say when a mapping took a key away, once', () => {
    const b = build({ story: 'stopped' });
    const lost = { start: 0x7f2a1c6e0000, end: 0x7f2a1c6e3000, protAfter: 3, keyAfter: 0 };
    const row = b.row('map', lost, { name: '' });
    expect(findings(b.log())).toEqual([
      {
        class: 'key-lost',
        text: 'a new mapping over 0x7f2a1c6e1000 to 0x7f2a1c6e2000 took key 1 away',
        event: row,
        range: { start: 0x7f2a1c6e1000, end: 0x7f2a1c6e2000 },
        from: 'log',
      },
    ]);
    b.row('finding', {}, { class: 'key-lost', text: 'engine', start: '0x7f2a1c6e0000', end: '0x7f2a1c6e3000' });
    expect(findings(b.log()).map((finding) => finding.from)).toEqual(['engine']);
  });

  it('say when somebody last compared with the kernel, and with which result', () => {
    const b = build({ story: 'stopped' });
    expect(lastComparison(b.log(), b.length)).toBeNull();
    const first = b.row('mark', { cause: 'user' }, { text: 'compared with the kernel, no difference' });
    const second = b.row('mark', { cause: 'user' }, { text: 'compared with the kernel, differences: 2' });
    b.row('mark', { cause: 'user' }, { text: 'something else' });
    const changing = 'compared with the kernel, not possible at this instant: its mappings are being changed';
    const third = b.row('mark', { cause: 'user' }, { text: changing });
    expect(lastComparison(b.log(), b.length)).toEqual({ event: third, result: 'not possible' });
    expect(lastComparison(b.log(), second)).toEqual({ event: second, result: 'differs' });
    expect(lastComparison(b.log(), first)).toEqual({ event: first, result: 'agrees' });
  });
});

describe('tagsAgainstPlan', () => {
  it('finds nothing in sessions that went by their plan', () => {
    for (const story of ['tag-all', 'split', 'live'] as const) {
      expect(tagsAgainstPlan(syntheticSession({ story })), story).toEqual([]);
    }
  });

  it('finds a page that was tagged without a plan, and one that was planned and not tagged', () => {
    const b = build({ story: 'stopped' });
    b.row(
      'policy',
      {},
      {
        policy: 'split',
        rounding: 'outward',
        why: 'demand',
        steps: [{ start: '0x10000', end: '0x12000', key: 0, rule: 'R6', what: 'x' }],
      },
    );
    b.row('tag', { start: 0x11000, end: 0x13000, keyAfter: 0, rule: 'R6', cause: 'policy' });
    const both = { key: 0, rule: 'R6', times: 1 };
    expect(tagsAgainstPlan(b.log())).toEqual([
      { policyEvent: b.length - 2, page: '0x10000', planned: both, tagged: null },
      { policyEvent: b.length - 2, page: '0x12000', planned: null, tagged: both },
    ]);
  });
});
