/** What is told once, however often it happens. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gatedLaunch } from './gated.ts';
import { record, root } from './record.ts';

const program = (name: string): string => join(root, 'build/targets', name);

beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});

describe('findings', () => {
  it('name each thing that emulated keys cannot follow, once', () => {
    const { summary } = record({ program: program('not_emulated'), policy: 'observe' });
    const texts = summary.findings.filter((finding) => finding.class === 'not-emulated').map(({ text }) => text);
    expect(texts.map((text) => /^(pages with code|io_uring|signalfd|userfaultfd)/.exec(text)?.[0]).sort()).toEqual(
      summary.keys === 'emulated' ? ['io_uring', 'pages with code', 'signalfd', 'userfaultfd'] : [],
    );
  });

  it('say that blocks of a module loaded later come without a key, once a module', () => {
    const { summary } = record(gatedLaunch('gate_late_tls', join(root, 'build/targets')));
    const late = summary.findings.filter((finding) => finding.class === 'late-tls');
    expect(late.map(({ text }) => text.slice(0, 53))).toEqual([
      "each thread gets its block of libgate.so's TLS at its",
    ]);
  });

  it('say that a wait that unblocks a signal of ours does not take it', () => {
    const { summary } = record({ program: program('unmasked_wait'), policy: 'observe' });
    const texts = summary.findings.map(({ text }) => /^sigsuspend, ppoll, pselect or epoll_pwait/.test(text));
    expect(texts).toEqual(summary.keys === 'emulated' ? [true] : []);
  });

  it('of one cause are one with a number, however many threads have it', () => {
    // Gates over a libc whose TLS blocks have a key: in every thread they share their page with the program's.
    const libc = { match: 'libc.so.6', code: 'caller' as const, tag: ['tls' as const] };
    const { summary, log } = record({
      program: program('gate_threads'),
      gates: 'virtual',
      compartments: [{ key: 1, name: 'all', modules: ['main', 'libgate.so', libc] }],
      policy: 'split',
    });
    const shared = summary.findings.filter((finding) => finding.class === 'shared-page');
    const counted = shared.flatMap(({ text }) => Number(/^(\d+) more like it/.exec(text)?.[1] ?? Number.NaN) || []);
    expect(summary.exit).toEqual({ code: 0 });
    const others = summary.threads.length - 1;
    expect(shared).toHaveLength(4);
    expect(shared.filter(({ text }) => text.startsWith('page 0x'))).toHaveLength(2);
    expect(counted).toEqual([others, others]);
    expect(log.length).toBe(summary.events.total);
  });
});

describe('an access that is stepped over again and again', () => {
  it('is written whole once; all others share a detail without registers', () => {
    const { summary, log } = record({ program: program('denied_often'), policy: 'observe', onFault: 'step-over' });
    expect(summary.faults).toHaveLength(500);
    const rows = [...Array(log.length).keys()].filter((row) => log.kind(row) === 'fault');
    const details = new Set(rows.map((row) => log.columns.detail[row]));
    expect(details.size).toBe(2);
    const [first, second] = rows.map((row) => log.needFacts(row, 'fault'));
    expect(Object.keys(first?.registers ?? {})).toContain('rip');
    const whole = { ...first, registers: {}, like: log.columns.detail[rows[0] ?? 0] };
    delete whole.backtrace;
    expect(second).toEqual(whole);
  });
});
