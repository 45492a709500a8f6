/** Where things lie in the synthetic dav1d session: the addresses of `design/window-dark.png`. */
import type { ModuleFacts, SessionFacts, TlsFacts } from '../../contract/details.ts';
import { hex, PAGE } from '../../contract/ids.ts';

export const PID = 4127;
export const CLI = 1;
export const DECODER = 2;

export interface Segment {
  readonly start: number;
  readonly pages: number;
  readonly prot: number;
  readonly relro?: boolean;
}

export interface ModuleLayout {
  readonly name: string;
  readonly path: string;
  readonly key: number;
  readonly code: 'own' | 'caller';
  readonly segments: readonly Segment[];
  readonly tlsSize?: number;
}

export const modules: readonly ModuleLayout[] = [
  {
    name: 'dav1d',
    path: '/usr/bin/dav1d',
    key: CLI,
    code: 'own',
    segments: [
      { start: 0x5593a8c1e000, pages: 10, prot: 5 },
      { start: 0x5593a8c28000, pages: 1, prot: 1, relro: true },
      { start: 0x5593a8c29000, pages: 1, prot: 3 },
    ],
  },
  {
    name: 'libdav1d.so.6',
    path: '/usr/lib/x86_64-linux-gnu/libdav1d.so.6',
    key: DECODER,
    code: 'own',
    segments: [
      { start: 0x7f2a1c180000, pages: 394, prot: 5 },
      { start: 0x7f2a1c30a000, pages: 3, prot: 1, relro: true },
      { start: 0x7f2a1c30d000, pages: 68, prot: 3 },
    ],
  },
  {
    name: 'libia2.so',
    path: '/usr/lib/libia2.so',
    key: CLI,
    code: 'own',
    tlsSize: 0x1020,
    segments: [
      { start: 0x7f2a1c360000, pages: 3, prot: 5 },
      { start: 0x7f2a1c363000, pages: 1, prot: 3 },
    ],
  },
  {
    name: 'libc.so.6',
    path: '/usr/lib/x86_64-linux-gnu/libc.so.6',
    key: CLI,
    code: 'caller',
    tlsSize: 0x90,
    segments: [
      { start: 0x7f2a1c400000, pages: 463, prot: 5 },
      { start: 0x7f2a1c5cf000, pages: 4, prot: 1, relro: true },
      { start: 0x7f2a1c5d3000, pages: 15, prot: 3 },
    ],
  },
  {
    name: 'ld-linux-x86-64.so.2',
    path: '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
    key: CLI,
    code: 'caller',
    segments: [
      { start: 0x7f2a1c6f0000, pages: 49, prot: 5 },
      { start: 0x7f2a1c721000, pages: 2, prot: 1, relro: true },
      { start: 0x7f2a1c723000, pages: 2, prot: 3 },
    ],
  },
];

export const HEAP = { start: 0x5593a9f00000, pages: 33 };
export const SLOT = 0x5593a9f08000;
export const ARENA = { start: 0x7f2a14000000, used: 33, pages: 16384 };
export const POOL = { start: 0x7f2a1a9e0000, pages: 1056 };
export const STACK = { start: 0x7ffd3e184000, pages: 33 };
export const STUB = 0x7f2a1c750000;

export interface ThreadLayout {
  readonly tid: number;
  readonly name: string;
  readonly tp: number;
  /** Mapping of stack and TLS; null for the main thread. */
  readonly stack: { readonly start: number; readonly pages: number } | null;
}

export const threads: readonly [ThreadLayout, ThreadLayout, ThreadLayout] = [
  { tid: PID, name: 'dav1d', tp: 0x7f2a1c6e1740, stack: null },
  { tid: 4129, name: 'dav1d-worker', tp: 0x7f2a107ff6c0, stack: { start: 0x7f2a10000000, pages: 2048 } },
  { tid: 4130, name: 'dav1d-worker', tp: 0x7f2a0fffe6c0, stack: { start: 0x7f2a0f7ff000, pages: 2048 } },
];

/** The pages ld.so mapped for the main thread's TLS. */
export const MAIN_TLS = { start: 0x7f2a1c6e0000, pages: 3 };

export const floor = (addr: number): number => addr - (addr % PAGE);

export function moduleFacts(module: ModuleLayout): ModuleFacts {
  const relro = module.segments.find((segment) => segment.relro);
  const end = (segment: Segment): number => segment.start + segment.pages * PAGE;
  return {
    name: module.name,
    path: module.path,
    base: hex(module.segments[0]?.start ?? 0),
    key: module.key,
    code: module.code,
    tag: ['segments', 'tls'],
    segments: module.segments.map((segment) => ({
      start: hex(segment.start),
      end: hex(end(segment)),
      // RELRO is the head of the writable segment; the program makes it read-only after relocation.
      prot: segment.relro ? 3 : segment.prot,
    })),
    relro: relro ? { start: hex(relro.start), end: hex(end(relro)) } : null,
    shared: null,
    tls: module.tlsSize ? { memsz: module.tlsSize, filesz: 0, align: 64 } : null,
    buildId: null,
  };
}

export function tlsFacts(thread: ThreadLayout): TlsFacts {
  const main = thread.stack === null;
  const libc = {
    module: 'libc.so.6',
    key: CLI,
    start: hex(thread.tp - 0x90),
    memsz: 0x90,
    static: true,
  };
  const slot = { module: 'libia2.so', key: CLI, start: hex(SLOT), memsz: 0x1020, static: false };
  return {
    tp: hex(thread.tp),
    dtv: main ? hex(thread.tp + 0x9a0) : hex(HEAP.start + 0x1f2a0),
    descriptor: { start: hex(thread.tp), end: hex(thread.tp + 0x940) },
    rseq: { start: hex(thread.tp + 0x920), end: hex(thread.tp + 0x940) },
    slot: main ? hex(SLOT) : null,
    blocks: main ? [libc, slot] : [libc],
  };
}

export const sessionFacts = (policy: string): SessionFacts => ({
  program: '/usr/bin/dav1d',
  args: ['-i', 'clip.ivf', '--threads', '2', '-o', '/dev/null'],
  keys: 'emulated',
  gates: 'virtual',
  policy,
  rounding: 'outward',
  rseq: 'off',
  onFault: 'stop',
  tracerPolicy: 'off',
  compartments: [
    { key: CLI, name: 'cli', modules: ['main', 'libc.so.6', 'ld-linux-x86-64.so.2', 'libia2.so'] },
    { key: DECODER, name: 'decoder', modules: ['libdav1d.so.6'] },
  ],
  kernel: 'Linux 6.1.0-18-amd64',
  startedAt: '2026-05-04T09:12:33.000Z',
});
