/**
 * Synthetic sessions that look like the real one: dav1d and libdav1d as two compartments, three threads, virtual gates.
 * `tag-all` dies at the stack-protector read, `split` ends well, `live` is stopped at the read under
 * `slot-only` and rescued by `split`; `stopped` is the same session while it waits there. `paused` is `split`, paused by
 * hand half way, with findings and where each thread stands.
 */
import type { FaultFacts, PlanStep } from '../../contract/details.ts';
import type { Rule } from '../../contract/events.ts';
import { hex, PAGE } from '../../contract/ids.ts';
import type { EventLog } from '../eventLog.ts';
import { onlyRights } from '../rights.ts';
import * as at from './dav1dLayout.ts';
import { LogBuilder } from './logBuilder.ts';

export type Story = 'tag-all' | 'split' | 'live' | 'stopped' | 'paused';

export interface SyntheticOptions {
  readonly story?: Story;
  /** Gate crossings over the whole run. */
  readonly crossings?: number;
}

const MS = 1e6;
const APPLY = 180.311 * MS;
const FAULT = 214.803 * MS;
const RESCUE = 214.811 * MS;
const END = 1284 * MS;
const READ_AT = 0x7f2a1c1a4c2d;
const [main, ...workers] = at.threads;
const rescued = (story: Story): story is 'live' | 'stopped' => story === 'live' || story === 'stopped';

const policyOf = (story: Story): 'tag-all' | 'slot-only' | 'split' =>
  story === 'tag-all' ? story : rescued(story) ? 'slot-only' : 'split';

/** The log of a synthetic session. */
export const syntheticSession = (options: SyntheticOptions = {}): EventLog => build(options).log();

/** The same as a builder, for tests that add rows or cut batches. */
export function build({ story = 'live', crossings = 1500 }: SyntheticOptions = {}): LogBuilder {
  const b = new LogBuilder();
  b.pid = at.PID;
  b.tid = main.tid;
  b.row('session', { tid: 0 }, at.sessionFacts(policyOf(story)));
  b.row('process-birth', { cause: 'kernel' }, {});
  b.row('thread-birth', { rights: 0x55555554 }, {});
  b.row('exec', { rights: 0x55555554, cause: 'kernel' }, { path: '/usr/bin/dav1d' });
  b.row('stop', { cause: 'kernel' }, { why: 'start' });
  b.row('resume', { cause: 'user' });
  load(b);
  b.row('mark', { time: 11 * MS }, { text: 'main' });
  for (const key of [at.CLI, at.DECODER]) b.row('key-alloc', { keyAfter: key, cause: 'policy' });
  if (!rescued(story)) apply(b, policyOf(story), 'startup');
  for (const worker of workers) birth(b, worker, story);
  memory(b);
  if (story === 'paused') {
    cross(b, crossings, 160 * MS, END / 2);
    return pausedByHand(b);
  }
  const calm = Math.floor(crossings * (story === 'split' ? 1 : 0.2));
  if (story === 'split') {
    cross(b, calm, 160 * MS, END);
    return finish(b, END);
  }
  if (rescued(story)) {
    cross(b, Math.floor(calm / 2), 148 * MS, APPLY);
    b.time = APPLY - b.step;
    apply(b, 'slot-only', 'demand');
    cross(b, Math.ceil(calm / 2), APPLY + MS, FAULT - MS / 2);
  } else {
    cross(b, calm, 148 * MS, FAULT - MS / 2);
  }
  fault(b, story);
  if (story === 'tag-all') {
    b.row(
      'signal',
      { cause: 'kernel' },
      { signal: 'SIGSEGV', siCode: 4, address: hex(main.tp + 0x28), disposition: 'default' },
    );
    for (const thread of at.threads) b.row('thread-exit', { tid: thread.tid, cause: 'kernel' });
    b.row('process-exit', { tid: 0, cause: 'kernel' }, { signal: 'SIGSEGV', siCode: 4 });
    return b;
  }
  b.row('stop', { cause: 'kernel' }, { why: 'fault' });
  if (story === 'stopped') return b;
  b.time = RESCUE - b.step;
  apply(b, 'split', 'demand');
  b.row('resume', { cause: 'user' });
  cross(b, crossings - calm, RESCUE + MS, END);
  return finish(b, END);
}

function map(b: LogBuilder, start: number, pages: number, prot: number, name: string, flags: string[] = []): void {
  const range = { start, end: start + pages * PAGE };
  b.row('map', { ...range, protAfter: prot, keyAfter: 0 }, { name, ...(flags.length > 0 ? { flags } : {}) });
}

function load(b: LogBuilder): void {
  map(b, at.STACK.start, at.STACK.pages, 3, '[stack]');
  for (const module of [...at.modules.slice(0, 1), ...at.modules.slice(-1), ...at.modules.slice(1, -1)]) {
    b.time = Math.max(b.time, 0.9 * MS);
    for (const segment of module.segments)
      map(b, segment.start, segment.pages, segment.relro ? 3 : segment.prot, module.path);
    const first = module.segments[0];
    const last = module.segments.at(-1);
    if (first && last) {
      b.row(
        'module-load',
        { start: first.start, end: last.start + last.pages * PAGE, cause: 'kernel' },
        at.moduleFacts(module),
      );
    }
  }
  b.row('map', {
    time: 1.204 * MS,
    start: at.MAIN_TLS.start,
    end: at.MAIN_TLS.start + at.MAIN_TLS.pages * PAGE,
    protAfter: 3,
    keyAfter: 0,
  });
  for (const segment of at.modules.flatMap((module) => module.segments)) {
    if (segment.relro)
      b.row('protect', { start: segment.start, end: segment.start + segment.pages * PAGE, protAfter: 1 });
  }
  b.row(
    'map',
    { start: at.STUB, end: at.STUB + PAGE, protAfter: 5, keyAfter: 0, cause: 'policy' },
    { name: '[keyhole]' },
  );
  map(b, at.HEAP.start, 32, 3, '[heap]');
  map(b, at.HEAP.start + 32 * PAGE, 1, 3, '[heap]');
  b.row('tls', { start: main.tp, cause: 'assumed' }, at.tlsFacts(main));
}

function birth(b: LogBuilder, thread: at.ThreadLayout, story: Story): void {
  if (!thread.stack) return;
  b.time = Math.max(b.time, 140 * MS);
  b.tid = main.tid;
  map(b, thread.stack.start, thread.stack.pages, 0, '', ['anonymous', 'stack', 'noreserve', 'private']);
  const usable = { start: thread.stack.start + PAGE, end: thread.stack.start + thread.stack.pages * PAGE };
  b.row('protect', { ...usable, protAfter: 3 });
  const facts = { name: thread.name, tp: hex(thread.tp), parent: main.tid };
  b.row('thread-birth', { tid: thread.tid, rights: onlyRights(at.CLI), cause: 'program' }, facts);
  b.row('tls', { tid: thread.tid, start: thread.tp, cause: 'assumed' }, at.tlsFacts(thread));
  // Under split nothing: the block lies in the TCB page alone, which is a carve-out and already shared (R9).
  if (story === 'tag-all')
    carryOut(
      b,
      story,
      'birth',
      planOf(story).filter((step) => step.tid === thread.tid),
    );
  b.tid = main.tid;
}

interface Step {
  readonly tid: number;
  readonly start: number;
  readonly pages: number;
  readonly key: number;
  readonly rule: Rule;
  readonly what: string;
}

/** What a policy tags in this session: segments once, then each thread's TLS with its carve-outs. */
function planOf(policy: 'tag-all' | 'slot-only' | 'split'): Step[] {
  const steps: Step[] = [];
  const add = (tid: number, start: number, pages: number, key: number, rule: Rule, what: string): void => {
    steps.push({ tid, start, pages, key, rule, what });
  };
  for (const module of at.modules) {
    for (const segment of module.segments) {
      if (segment.prot === 3)
        add(main.tid, segment.start, segment.pages, module.key, 'S1', `${module.name} .data .bss`);
    }
  }
  const slotShared = policy !== 'tag-all';
  add(main.tid, at.SLOT, 1, slotShared ? 0 : at.CLI, slotShared ? 'R5' : 'R4', 'TLS block of libia2.so, slot');
  add(main.tid, at.SLOT + PAGE, 1, at.CLI, 'R4', 'TLS block of libia2.so');
  for (const thread of at.threads) {
    const split = policy === 'split';
    add(thread.tid, at.floor(thread.tp), 1, split ? 0 : at.CLI, split ? 'R6' : 'R4', 'TLS block of libc.so.6, TCB');
  }
  return steps;
}

function apply(b: LogBuilder, policy: 'tag-all' | 'slot-only' | 'split', why: 'startup' | 'demand'): void {
  const plan = planOf(policy).filter((step) => why === 'demand' || step.tid === main.tid);
  // R10: once everything is tagged, the main thread's TCB page once more.
  const again = { tid: main.tid, start: at.floor(main.tp), pages: 1, key: 0, rule: 'R10' as const };
  if (why === 'startup' && policy === 'split') plan.push({ ...again, what: 'TCB page of the main thread, once more' });
  carryOut(b, policy, why, plan);
  if (why === 'startup') b.row('rights', { rights: onlyRights(at.CLI), cause: 'policy' });
}

/** One row for the step of a policy, one for each of its tags. */
function carryOut(b: LogBuilder, policy: string, why: 'startup' | 'demand' | 'birth', plan: readonly Step[]): void {
  const cause = why === 'demand' ? 'user' : 'policy';
  const steps: PlanStep[] = plan.map((step) => ({
    start: hex(step.start),
    end: hex(step.start + step.pages * PAGE),
    key: step.key,
    rule: step.rule,
    what: step.what,
  }));
  b.row('policy', { cause }, { policy, rounding: 'outward', why, steps });
  for (const step of plan) {
    const range = { start: step.start, end: step.start + step.pages * PAGE };
    b.row('tag', { ...range, tid: step.tid, keyAfter: step.key, protAfter: 3, rule: step.rule, cause });
  }
}

/** What the decoder maps for itself once it runs. */
function memory(b: LogBuilder): void {
  map(b, at.ARENA.start, at.ARENA.pages, 0, '', ['anonymous', 'noreserve', 'private']);
  b.row('protect', { start: at.ARENA.start, end: at.ARENA.start + at.ARENA.used * PAGE, protAfter: 3 });
  map(b, at.POOL.start, at.POOL.pages, 3, '');
}

/** Crossings over `[from, to)`: the threads take turns, and the scheduler holds those whose regime does not run. */
function cross(b: LogBuilder, count: number, from: number, to: number): void {
  let seed = count + from;
  const random = (): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  for (let i = 0; i < count; i++) {
    const thread = at.threads[i % 5 < 3 ? 0 : (i % 5) - 2] ?? main;
    const into = Math.floor(i / 5) % 2 === 0 ? at.DECODER : at.CLI;
    const time = from + ((i + random() * 0.9) * (to - from)) / count;
    const gate = into === at.DECODER ? 0x7f2a1c1a4c00 : 0x5593a8c20000;
    b.row('crossing', {
      time,
      tid: thread.tid,
      start: gate,
      site: into === at.DECODER ? 0x5593a8c21234 : 0x7f2a1c1b0010,
      keyBefore: into === at.DECODER ? at.CLI : at.DECODER,
      keyAfter: into,
      rights: onlyRights(into),
    });
    if (i % 7 === 3) b.row('hold', { tid: workers[i % 2]?.tid ?? main.tid, cause: 'scheduler' });
    if (i % 7 === 6) for (const worker of workers) b.row('release', { tid: worker.tid, cause: 'scheduler' });
  }
}

/** What the engine says of the read that the seed describes. */
export function canaryFault(action: FaultFacts['action']): FaultFacts {
  return {
    outcome: 'denied',
    address: hex(main.tp + 0x28),
    access: 'read',
    key: at.CLI,
    siCode: 4,
    rights: onlyRights(at.DECODER),
    accessor: at.DECODER,
    tp: hex(main.tp),
    instruction: {
      address: hex(READ_AT),
      module: 'libdav1d.so.6',
      symbol: 'dav1d_parse_obus+0x1d',
      text: 'mov rax, qword fs:[0x28]',
      source: null,
    },
    backtrace: [
      {
        address: hex(READ_AT),
        module: 'libdav1d.so.6',
        symbol: 'dav1d_parse_obus+0x1d',
        source: null,
        by: 'registers',
      },
      {
        address: '0x5593a8c21234',
        module: 'dav1d',
        symbol: 'main+0x84',
        source: { file: 'dav1d.c', line: 310 },
        by: 'cfi',
      },
    ],
    around: [
      { address: hex(READ_AT - 7), text: 'sub rsp, 0x368' },
      { address: hex(READ_AT), text: 'mov rax, qword fs:[0x28]' },
      { address: hex(READ_AT + 9), text: 'mov [rsp+0x358], rax' },
    ],
    registers: { rip: hex(READ_AT), rsp: '0x7ffd3e1a3c10', rax: '0x0', fs_base: hex(main.tp) },
    region: {
      start: hex(at.floor(main.tp)),
      end: hex(at.floor(main.tp) + PAGE),
      name: '',
      prot: 3,
      key: at.CLI,
    },
    action,
  };
}

function fault(b: LogBuilder, story: Story): void {
  b.row('crossing', {
    time: FAULT - 1000,
    start: 0x7f2a1c1a4c00,
    site: 0x5593a8c21234,
    keyBefore: at.CLI,
    keyAfter: at.DECODER,
    rights: onlyRights(at.DECODER),
  });
  const facts = canaryFault(rescued(story) ? 'stop' : 'deliver');
  b.row(
    'fault',
    { time: FAULT, start: main.tp + 0x28, site: READ_AT, rights: onlyRights(at.DECODER), cause: 'kernel' },
    facts,
  );
}

/** What the engine found meanwhile, and where each thread stands. */
function pausedByHand(b: LogBuilder): LogBuilder {
  const found = (kind: string, text: string, range?: { start: number; end: number }): void => {
    const place = range && { start: hex(range.start), end: hex(range.end) };
    b.row('finding', { tid: main.tid, ...range, cause: 'policy' }, { class: kind, text, ...place });
  };
  found(
    'late-tls',
    "each thread gets its block of libia2.so's TLS at its first use of it: the block stays without a key until the policy is applied again",
  );
  found('key-lost', 'a new mapping took key 2 from pages it covers', {
    start: at.POOL.start,
    end: at.POOL.start + PAGE,
  });
  found(
    'not-emulated',
    'the program asked not to be dumpable (PR_SET_DUMPABLE), which would hide its memory from Keyhole: it was told yes and stays dumpable',
  );
  b.row('stop', { tid: 0, cause: 'user' }, { why: 'user' });
  const stand = (tid: number, call: string | null, address: number, symbol: string, module: string): void => {
    b.row('stand', { tid, cause: 'kernel' }, { call, at: { address: hex(address), module, symbol, source: null } });
  };
  stand(main.tid, null, READ_AT, 'dav1d_parse_obus+0x1d', 'libdav1d.so.6');
  for (const worker of workers) stand(worker.tid, 'futex', 0x7f2a1c485000, 'pthread_cond_wait+0x1d0', 'libc.so.6');
  return b;
}

function finish(b: LogBuilder, time: number): LogBuilder {
  b.row('output', { time, tid: 0 }, { stream: 'stderr', text: 'Decoded 60/60 frames (100.0%)\n' });
  for (const thread of [...workers, main]) b.row('thread-exit', { tid: thread.tid, cause: 'kernel' });
  b.row('process-exit', { tid: 0, cause: 'kernel' }, { code: 0 });
  return b;
}
