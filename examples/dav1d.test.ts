/** The demonstration's claims, on Debian's own dav1d: what each policy makes of the same decode. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TlsFacts } from '../core/contract/details.ts';
import { type Recording, recordFile, root } from '../native/targets/record.ts';

const folder = join(root, 'examples/dav1d-split');
const run = (name: string): Recording => recordFile(join(folder, `${name}.json`));
const CANARY_OFFSET = 0x28;

/** The decoder's output without Keyhole: one MD5 over all frames. */
const native = (threads: number): string => {
  const args = ['--quiet', '--input', 'clip.ivf', '--muxer', 'md5', '--output', '-', '--threads', String(threads)];
  return spawnSync('dav1d', args, { cwd: folder, encoding: 'utf8' }).stdout.trim();
};

/** The last word of the log on the TLS of a thread. */
function tlsOf({ log }: Recording, tid: number): TlsFacts {
  for (let i = log.length - 1; i >= 0; i--) {
    const facts = log.facts(i, 'tls');
    if (facts && log.at(i).tid === tid) return facts;
  }
  throw new Error(`the log has no TLS of thread ${tid}`);
}

describe('tag-all without rseq', () => {
  let recording: Recording;
  beforeAll(() => {
    recording = run('tag-all-rseq-off');
  });

  it('dies at the decoder’s first read of the stack protector’s canary', () => {
    const fault = recording.summary.faults[0];
    if (!fault) throw new Error('nothing was denied');
    expect(recording.summary.exit).toEqual({ signal: 'SIGSEGV', siCode: 4 });
    expect(fault.class).toBe('stack-protector canary');
    expect(fault).toMatchObject({ key: 1, accessor: { key: 2, name: 'decoder' }, owner: { key: 1, name: 'cli' } });
    expect(fault.instruction.module).toMatch(/libdav1d\.so\.6/);
    expect(fault.instruction.text).toMatch(/fs:.*0x28/);
    const tp = Number(tlsOf(recording, fault.thread).tp);
    expect(Number(fault.address)).toBe(tp + CANARY_OFFSET);
    expect(recording.summary.events.dropped).toBe(0);
  });

  it('blames a tag that policy made on the page of the thread control block', () => {
    const address = Number(recording.summary.faults[0]?.address);
    const covering = recording.summary.tags.filter((tag) => Number(tag.start) <= address && address < Number(tag.end));
    expect(covering.at(-1)).toMatchObject({ key: 1, rule: 'R4', cause: 'policy' });
  });
});

describe('tag-all with rseq kept', () => {
  it('is killed by the kernel over the rseq area, and the record says so', () => {
    const { summary } = run('tag-all');
    expect(summary.exit).toEqual({ signal: 'SIGSEGV', siCode: 128 });
    const last = summary.faults.at(-1);
    expect(last?.class).toBe('kernel rseq kill');
    expect(last?.explanation).toMatch(/rseq/);
    expect(last?.explanation).toMatch(/kernel/i);
  });
});

describe('split', () => {
  it.each([
    { file: 'split', threads: 1 },
    { file: 'split-threads-2', threads: 2 },
  ])('$file decodes to the same frames as without Keyhole', ({ file, threads }) => {
    const { summary, output } = run(file);
    const expected = native(threads);
    expect(expected).toMatch(/^[0-9a-f]{32}$/);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(expected);
    expect(summary.exit).toEqual({ code: 0 });
    expect(output).toContain(expected);
    expect(summary.faults).toEqual([]);
    expect(summary.events.dropped).toBe(0);
    // One thread more than the decoder was asked for: the program's own. `--threads 1` decodes in that one.
    expect(summary.threads).toHaveLength(threads === 1 ? 1 : threads + 1);
    // A crossing in and one out for each of 600 frames, at the least.
    expect(summary.crossings).toBeGreaterThan(1200);
  });

  it('names threads as they name themselves', () => {
    const names = run('split-threads-2').summary.threads.map(({ name }) => name);
    expect(names).toEqual(['dav1d', 'dav1d-worker', 'dav1d-worker']);
  });

  it('leaves the page of the thread control block shared', () => {
    const recording = run('split');
    const tid = recording.summary.threads[0]?.tid ?? 0;
    const tp = Number(tlsOf(recording, tid).tp);
    const last = recording.summary.tags.filter((tag) => Number(tag.start) <= tp && tp < Number(tag.end)).at(-1);
    expect(last?.key ?? 0).toBe(0);
  });
});

describe('observe', () => {
  it('tags nothing and still counts the crossings', () => {
    const { summary } = run('observe');
    expect(summary.exit).toEqual({ code: 0 });
    expect(summary.tags).toEqual([]);
    expect(summary.crossings).toBeGreaterThan(1200);
  });
});
