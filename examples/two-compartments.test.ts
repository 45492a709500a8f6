/** The example with keys and gates of its own: what each policy makes of it, page by page. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModuleFacts, TlsFacts } from '../core/contract/details.ts';
import type { RecordedTag } from '../core/contract/record.ts';
import { keyhole, type Recording, recordFile, root } from '../native/targets/record.ts';

const folder = join(root, 'examples/two-compartments');
const run = (name: string): Recording => recordFile(join(folder, `${name}.json`));
const PAGE = 0x1000;
const pageOf = (address: number): number => address - (address % PAGE);
const hex = (n: number): string => `0x${n.toString(16)}`;

interface Op {
  readonly start: string;
  readonly end: string;
  readonly key: number;
  readonly rule: string;
}

beforeAll(() => {
  execFileSync('make', ['-s', '-C', folder]);
});

/** The last TLS anatomy in the log of each thread. */
function anatomies({ log }: Recording): Map<number, TlsFacts> {
  const found = new Map<number, TlsFacts>();
  for (let i = 0; i < log.length; i++) {
    const facts = log.facts(i, 'tls');
    if (facts) found.set(log.at(i).tid ?? 0, facts);
  }
  return found;
}

/** What `keyhole plan-tls` plans for the compartments' blocks of one thread. */
function plan(tls: TlsFacts, startup: boolean, policy: string): Op[] {
  const lines = tls.blocks
    .filter((block) => block.key !== null)
    .map(({ start, memsz, key }) => ({
      ...{ arch: 'x86_64', start: Number(start), memsz, key, tp: Number(tls.tp) },
      ...{ slot: tls.slot === null ? null : Number(tls.slot), startup, policy },
    }));
  const { stdout } = keyhole(['plan-tls'], lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return stdout
    .trim()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as { ops: Op[] }).ops);
}

/** Ranges as pages, in address order, so that two spellings of the same tags compare equal. */
const pages = (ops: readonly Op[]): string[] =>
  ops
    .flatMap(({ start, end, key, rule }) => {
      const first = pageOf(Number(start));
      const count = Math.ceil((Number(end) - first) / PAGE);
      return Array.from({ length: count }, (_, i) => `${hex(first + i * PAGE)} key ${key} ${rule}`);
    })
    .sort();

const byRule = (tags: readonly RecordedTag[], thread: number, rules: readonly string[]): RecordedTag[] =>
  tags.filter((tag) => tag.thread === thread && tag.cause === 'policy' && rules.includes(tag.rule));

describe('split', () => {
  let recording: Recording;
  let first: number;
  let second: number;
  beforeAll(() => {
    recording = run('split');
    [first = 0, second = 0] = recording.summary.threads.map(({ tid }) => tid);
  });

  it('works: every check of the program holds', () => {
    const { summary, output } = recording;
    expect(summary.exit).toEqual({ code: 0 });
    for (const what of ['gates', 'private data', 'thread-local storage', 'shared section', 'second thread']) {
      expect(output).toMatch(new RegExp(`^ok ${what}$`, 'm'));
    }
    expect(summary.faults).toEqual([]);
    expect(summary.threads).toHaveLength(2);
    expect(summary.events.dropped).toBe(0);
  });

  it('has each thread’s TLS tags as planned, page by page', () => {
    const tls = anatomies(recording);
    for (const [tid, startup] of [
      [first, true],
      [second, false],
    ] as const) {
      const facts = tls.get(tid);
      if (!facts) throw new Error(`no TLS anatomy of thread ${tid}`);
      expect(facts.blocks.filter((block) => block.key !== null).map((block) => block.key)).toEqual([1, 2]);
      const planned = pages(plan(facts, startup, 'split'));
      expect(planned.length).toBeGreaterThanOrEqual(3);
      expect(pages(byRule(recording.summary.tags, tid, ['R4', 'R5', 'R6']))).toEqual(planned);
    }
  });

  it('tags no carve-out page at the second thread’s birth (R9)', () => {
    const facts = anatomies(recording).get(second);
    if (!facts?.slot) throw new Error('the second thread has no slot');
    const carved = [pageOf(Number(facts.slot)), pageOf(Number(facts.tp))];
    const born = recording.summary.tags.filter((tag) => tag.thread === second && tag.cause === 'policy');
    expect(born.length).toBeGreaterThan(0);
    for (const tag of born) {
      expect(tag.key).not.toBe(0);
      for (const page of carved) expect(Number(tag.start) <= page && page < Number(tag.end)).toBe(false);
    }
  });

  it('shares the first thread’s TCB page once more at the end of start-up (R10), and only there', () => {
    const tp = Number(anatomies(recording).get(first)?.tp);
    const hardening = recording.summary.tags.filter((tag) => tag.rule === 'R10');
    expect(hardening).toMatchObject([{ start: hex(pageOf(tp)), end: hex(pageOf(tp) + PAGE), key: 0, thread: first }]);
  });

  it('tags writable segments but for RELRO and the shared section', () => {
    const modules = new Map<number, ModuleFacts>();
    for (let i = 0; i < recording.log.length; i++) {
      const facts = recording.log.facts(i, 'module-load');
      if (facts?.key) modules.set(facts.key, facts);
    }
    expect([...modules.keys()].sort()).toEqual([1, 2]);
    expect(modules.get(1)?.shared).not.toBeNull();
    for (const [key, { segments, relro, shared }] of modules) {
      const spared = [relro, shared].flatMap((range) => (range ? [range] : []));
      const writable = segments.filter(({ prot }) => (prot & 2) !== 0);
      const expected = pages(writable.map(({ start, end }) => ({ start, end, key, rule: 'S1' }))).filter((page) => {
        const address = Number(page.split(' ')[0]);
        return !spared.some(({ start, end }) => pageOf(Number(start)) <= address && address < Number(end));
      });
      const tagged = recording.summary.tags.filter((tag) => tag.rule === 'S1' && tag.key === key);
      expect(pages(tagged)).toEqual(expected);
    }
  });

  it('waits for the program’s end of init', () => {
    const { log } = recording;
    let marked = false;
    let steps = 0;
    for (let i = 0; i < log.length; i++) {
      if (log.facts(i, 'mark')?.text.includes('init-end')) marked = true;
      if (log.kind(i) !== 'policy') continue;
      steps++;
      expect(marked).toBe(true);
    }
    expect(steps).toBeGreaterThanOrEqual(2);
  });
});

describe('tag-all', () => {
  it('dies in the first gate out of compartment 1, at the slot’s page', () => {
    const recording = run('tag-all');
    const { summary, output } = recording;
    expect(summary.exit).toEqual({ signal: 'SIGSEGV', siCode: 4 });
    expect(output).not.toMatch(/^ok/m);
    const fault = summary.faults[0];
    if (!fault) throw new Error('nothing was denied');
    const slot = Number(anatomies(recording).get(fault.thread)?.slot);
    expect(pageOf(Number(fault.address))).toBe(slot);
    expect(fault.class).toBe('stack-pointer slot');
    expect(fault).toMatchObject({
      key: 1,
      rights: '0xffffffcc',
      owner: { key: 1, name: 'main' },
      accessor: { key: 2, name: 'library' },
    });
    expect(fault.instruction.module).toMatch(/two-compartments$/);
    expect(fault.instruction.symbol).toMatch(/^ia2_gate_1_to_2/);
    expect(fault.instruction.text).toMatch(/mov/);
  });
});
