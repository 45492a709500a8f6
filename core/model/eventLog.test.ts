import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBatch, encodeBatch, makeColumns } from '../contract/wire.ts';
import { EventLog } from './eventLog.ts';
import { Crowd } from './testing/crowd.ts';
import { LogBuilder } from './testing/logBuilder.ts';
import { randomLog } from './testing/randomLog.ts';
import { syntheticSession } from './testing/synthetic.ts';

describe('EventLog', () => {
  it('gives back every row and detail, in whatever parts it came and went over the wire', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 90 }), (seed, part) => {
        const b = randomLog(seed, 300);
        const whole = b.log();
        const log = new EventLog();
        for (let at = 0; at < b.length; at += part) {
          log.append(decodeBatch(encodeBatch(b.batch(at, Math.min(at + part, b.length)))));
        }
        expect(log.length).toBe(whole.length);
        for (let i = 0; i < log.length; i++) {
          expect(log.at(i)).toEqual(whole.at(i));
          expect(log.detail(i)).toEqual(whole.detail(i));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('cuts out a slice that reads the same on its own', () => {
    const log = syntheticSession();
    const part = log.slice(20, 60);
    expect(part.count).toBe(40);
    const all = new EventLog();
    all.append(log.slice(0, 20));
    all.append(part);
    for (let i = 0; i < 60; i++) expect(all.detail(i)).toEqual(log.detail(i));
  });

  it('grows past a small log where it stands and keeps every row', () => {
    const log = new EventLog();
    const crowd = new Crowd({ threads: 4, regions: 100, pages: 1000, step: 10 });
    const parts = Array.from({ length: 30 }, () => crowd.batch(10_000));
    const columns = new Set<unknown>();
    for (const part of parts) {
      log.append(part);
      if (log.length > 70_000) columns.add(log.columns);
    }
    expect([log.length, columns.size]).toEqual([300_000, 1]);
    expect(log.columns.time.length).toBeLessThan(400_000);
    parts.forEach((part, i) => {
      for (const row of [0, 4999, 9999]) {
        const at = i * 10_000 + row;
        expect([log.columns.time[at], log.columns.kind[at]]).toEqual([part.columns.time[row], part.columns.kind[row]]);
      }
    });
  });

  it('says unknown as null, never as 0', () => {
    const b = new LogBuilder();
    b.row('rights', {});
    b.row('rights', { rights: 0 });
    const log = b.log();
    expect(log.at(0)).toMatchObject({ rights: null, site: null, tid: null, keyAfter: null, protAfter: null });
    expect(log.at(1).rights).toBe(0);
  });

  it('names event and field of a damaged detail', () => {
    const columns = makeColumns(3);
    columns.kind.set([19, 19, 20]); // policy, policy, finding
    columns.detail.set([1, 2, 3]);
    const log = new EventLog();
    log.append({
      count: 3,
      columns,
      firstDetail: 1,
      details: ['{"policy":"split","rounding":"up","why":"demand","steps":[]}', '{', '{"class":"x"}'],
    });
    expect(() => log.facts(0, 'policy')).toThrow(/^event 0 \(policy\): detail\.rounding: /);
    expect(() => log.facts(1, 'policy')).toThrow(/^event 1 \(policy\): detail: /);
    expect(() => log.facts(2, 'finding')).toThrow(/^event 2 \(finding\): detail\.text: /);
    expect(log.facts(2, 'policy')).toBeNull();
    expect(() => log.needFacts(2, 'policy')).toThrow('event 2 (policy): detail: missing');
  });

  it('refuses a batch that does not continue it, and rows it does not have', () => {
    const log = syntheticSession();
    expect(() => log.append({ count: 0, columns: makeColumns(0), firstDetail: 1, details: ['{}'] })).toThrow(
      /^firstDetail: 1, \d+ expected$/,
    );
    expect(() => log.at(log.length)).toThrow(RangeError);
    expect(log.indexAtTime(-1)).toBe(-1);
    expect(log.indexAtTime(1e15)).toBe(log.length - 1);
  });
});
