/** The engine against programs with keys of their own: what `cases.ts` lists, checked fact by fact. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Case, cases, type Denied, launchOf } from './cases.ts';
import { type Recording, record, root, shown } from './record.ts';

const PAGE = 0x1000;
/** Addresses have more than 32 bits: no bit operators. */
const pageOf = (address: number): number => address - (address % PAGE);

const run = (target: Case): Recording => record(launchOf(target, join(root, 'build/targets')));

/** The number an expectation names: printed by the program, plus an offset. */
function resolve(place: Omit<Denied, 'key' | 'rights'> | number, names: ReadonlyMap<string, number>): number {
  if (typeof place === 'number') return place;
  const base = names.get(place.at);
  if (base === undefined) throw new Error(`the program did not print ${place.at}`);
  return base + (place.offset ?? 0);
}

beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});

describe.each(cases)('$name', (target) => {
  let recording: Recording;
  beforeAll(() => {
    recording = run(target);
  });

  it('ends as on real keys', () => {
    expect(recording.output).not.toContain('FAILED');
    expect(recording.summary.exit).toEqual(target.exit ?? { code: 0 });
    if (!target.exit) expect(recording.output).toMatch(/^ok$/m);
    for (const text of target.says ?? []) expect(recording.output).toContain(text);
  });

  it('has every denied access, and no other, with key and rights', () => {
    const names = shown(recording.output);
    const denied = recording.summary.faults.filter((fault) => fault.key !== null);
    const seen = denied.map(({ address, key, rights }) => ({ address: Number(address), key, rights: Number(rights) }));
    const expected = (target.denied ?? []).map((d) => ({ address: resolve(d, names), key: d.key, rights: d.rights }));
    expect(seen).toEqual(expected);
  });

  it('keeps ordinary faults apart from denied ones', () => {
    const names = shown(recording.output);
    const plain = [];
    for (let i = 0; i < recording.log.length; i++) {
      const facts = recording.log.facts(i, 'fault');
      if (facts?.outcome === 'plain') plain.push({ address: Number(facts.address), key: facts.key });
    }
    const expected = (target.plain ?? []).map((place) => ({ address: resolve(place, names), key: null }));
    expect(plain).toEqual(expected);
    expect(recording.summary.faults).toHaveLength((target.denied ?? []).length);
  });

  it('lists the tags the program made', () => {
    if (!target.tagged) return;
    const names = shown(recording.output);
    const own = recording.summary.tags.filter((tag) => tag.cause === 'program');
    const seen = own.map(({ start, end, key, rule }) => ({ start: Number(start), end: Number(end), key, rule }));
    const expected = target.tagged.map(({ at, offset, pages, key }) => {
      const start = pageOf(resolve({ at, offset: offset ?? 0 }, names));
      return { start, end: start + pages * PAGE, key, rule: 'none' };
    });
    expect(seen).toEqual(expected);
  });

  it('drops no event and counts threads and events', () => {
    const { events, threads } = recording.summary;
    expect(events.dropped).toBe(0);
    expect(events.total).toBe(recording.log.length);
    expect(threads).toHaveLength(target.threads ?? 1);
    expect(events.byKind).toMatchObject(target.events ?? {});
    for (const [kind, count] of Object.entries(target.atLeast ?? {})) {
      expect(events.byKind[kind]).toBeGreaterThanOrEqual(count);
    }
  });
});
