/** The engine with virtual gates: programs nobody rebuilt, one compartment a module. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { only } from './cases.ts';
import { gatedLaunch, keeping, LIBRARY, PROGRAM, pendingLaunch } from './gated.ts';
import { type Recording, record, root, shown } from './record.ts';

const run = (name: string): Recording => record(gatedLaunch(name, join(root, 'build/targets')));

beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});

describe('programs that keep to their compartments', () => {
  it.each(keeping)('%s runs to its end, nothing denied', (name) => {
    const { summary, output } = run(name);
    expect(output).toMatch(/^ok$/m);
    expect(summary.exit).toEqual({ code: 0 });
    expect(summary.faults).toEqual([]);
    expect(summary.events.dropped).toBe(0);
  });

  it('counts each call, return and callback as one crossing', () => {
    const { summary, log } = run('gate_calls');
    // 50 calls and returns, 50 calls with a callback in them, one copy; the loader adds init and fini of both modules.
    const counted = 50 * 2 + 50 * 4 + 2;
    expect(summary.crossings).toBeGreaterThanOrEqual(counted);
    expect(summary.crossings).toBeLessThanOrEqual(counted + 16);
    for (let i = 0; i < log.length; i++) {
      if (log.kind(i) !== 'crossing') continue;
      const { keyAfter, rights } = log.at(i);
      expect([PROGRAM, LIBRARY]).toContain(keyAfter);
      expect(rights).toBe(only(keyAfter ?? 0));
    }
  });

  it('crosses back on longjmp over the library', () => {
    const { summary } = run('gate_longjmp');
    // In, back by the callback, and out by longjmp, which needs no third crossing: the callback is home already.
    expect(summary.crossings).toBeGreaterThanOrEqual(10 * 2 + 2);
  });
});

describe('an access to another compartment', () => {
  const cases = [
    { name: 'gate_denied', accessor: PROGRAM, owner: LIBRARY, module: 'gate_denied', symbol: 'main' },
    { name: 'gate_denied_there', accessor: LIBRARY, owner: PROGRAM, module: 'libgate.so', symbol: 'gate_read' },
    { name: 'gate_denied_in_libc', accessor: PROGRAM, owner: LIBRARY, module: 'libc.so.6', symbol: null },
    { name: 'gate_dlopen', accessor: PROGRAM, owner: LIBRARY, module: 'gate_dlopen', symbol: 'main' },
  ];
  const names = ['', 'program', 'library'];

  it.each(cases)('$name dies of it, and the record says who touched whose page', (target) => {
    const { summary, output } = run(target.name);
    const page = shown(output).get('page') ?? 0;
    expect(summary.exit).toEqual({ signal: 'SIGSEGV', siCode: 4 });
    expect(summary.faults).toHaveLength(1);
    const fault = summary.faults[0];
    expect(Number(fault?.address)).toBe(page);
    expect(fault?.key).toBe(target.owner);
    expect(Number(fault?.rights)).toBe(only(target.accessor));
    expect(fault?.accessor).toEqual({ key: target.accessor, name: names[target.accessor] });
    expect(fault?.owner).toEqual({ key: target.owner, name: names[target.owner] });
    expect(fault?.instruction.module).toMatch(new RegExp(`(^|/)${target.module}$`));
    if (target.symbol) expect(fault?.instruction.symbol).toMatch(new RegExp(`^${target.symbol}\\b`));
    expect(fault?.instruction.text).toMatch(/mov/);
  });

  it('gives a module loaded later its policy when it is loaded', () => {
    const { log } = run('gate_dlopen');
    const policies = [];
    for (let i = 0; i < log.length; i++) {
      const facts = log.facts(i, 'policy');
      if (facts?.why === 'module') policies.push(facts);
    }
    expect(policies).toHaveLength(1);
    expect(policies[0]?.steps.every((step) => step.key === LIBRARY && step.rule === 'S1')).toBe(true);
    expect(policies[0]?.steps.length).toBeGreaterThan(0);
  });
});

describe('tagging in a thread whose signals wait', () => {
  it('lets none of them out', () => {
    const { summary, output } = record(pendingLaunch(join(root, 'build/targets')));
    expect(output).toMatch(/^ok$/m);
    expect(summary.exit).toEqual({ code: 0 });
    expect(summary.tags.some(({ cause, rule }) => cause === 'policy' && rule === 'S1')).toBe(true);
  });
});

describe('a thread’s TLS', () => {
  it('is private from birth: its own code uses it, the library is denied', () => {
    const { summary, output } = run('thread_tls');
    const tid = shown(output).get('tid') ?? 0;
    const page = shown(output).get('page') ?? 0;
    expect(summary.exit).toEqual({ signal: 'SIGSEGV', siCode: 4 });
    expect(summary.faults).toHaveLength(1);
    expect(summary.faults[0]).toMatchObject({ key: PROGRAM, thread: tid, accessor: { key: LIBRARY } });
    expect(Number(summary.faults[0]?.address)).toBe(page);
    const born = summary.tags.filter((tag) => tag.thread === tid);
    expect(born.every((tag) => tag.rule === 'R4' && tag.cause === 'policy')).toBe(true);
    const covering = born.filter((tag) => Number(tag.start) <= page && page + 0x2000 <= Number(tag.end));
    expect(covering.map((tag) => tag.key)).toEqual([PROGRAM]);
  });
});
