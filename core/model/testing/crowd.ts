/**
 * A synthetic session of any size, written straight into columns: many threads that cross gates, many regions, faults
 * and signals now and then. For measurements; the same options give the same log on every machine.
 */
import { causes, type EventBatch, type EventKind, eventKinds, flagBits, rules } from '../../contract/events.ts';
import { hex, PAGE } from '../../contract/ids.ts';
import { makeColumns } from '../../contract/wire.ts';
import { onlyRights } from '../rights.ts';
import { canaryFault } from './synthetic.ts';

export interface CrowdOptions {
  readonly threads: number;
  readonly regions: number;
  readonly pages: number;
  /** Program time between two rows, in ns. */
  readonly step: number;
}

const PID = 9000;
const COMPARTMENTS = ['shared', 'cli', 'decoder', 'scaler', 'network'] as const;
const STACK_PAGES = 64;
const MODULE_PAGES = [40, 12, 2, 10] as const;
const MODULE_PROTS = [5, 1, 1, 3] as const;
const MODULES = 60;
const BASE = 0x7f0000000000;
const TLS_PAGES = 3;

interface Row {
  readonly kind: EventKind;
  readonly tid?: number;
  readonly start?: number;
  readonly end?: number;
  readonly rights?: number;
  readonly keyBefore?: number;
  readonly keyAfter?: number;
  readonly prot?: number;
  readonly rule?: (typeof rules)[number];
  readonly cause?: (typeof causes)[number];
  readonly facts?: object;
}

/** Writes the session batch by batch: first its memory and threads, then turns of work without end. */
export class Crowd {
  readonly #options: CrowdOptions;
  readonly #opening: Generator<Row, void, undefined>;
  readonly #regions: { readonly start: number; readonly pages: number }[] = [];
  readonly #compartment: number[] = [];
  #seed = 12345;
  #next = BASE;
  #time = 0;
  #details = 0;
  #turn = 0;

  constructor(options: CrowdOptions) {
    this.#options = options;
    this.#opening = this.#open();
  }

  /** The next `count` rows. */
  batch(count: number): EventBatch {
    const c = makeColumns(count);
    const details: string[] = [];
    const firstDetail = this.#details + 1;
    for (let i = 0; i < count; i++) {
      const opening = this.#opening.next();
      const row = opening.value ?? this.#work();
      this.#time += this.#options.step;
      c.time[i] = this.#time;
      c.start[i] = row.start ?? 0;
      c.end[i] = row.end ?? row.start ?? 0;
      c.pid[i] = PID;
      c.tid[i] = row.tid ?? PID;
      c.rights[i] = row.rights ?? 0;
      c.kind[i] = eventKinds.indexOf(row.kind);
      c.keyBefore[i] = row.keyBefore ?? -1;
      c.keyAfter[i] = row.keyAfter ?? -1;
      c.protBefore[i] = 255;
      c.protAfter[i] = row.prot ?? 255;
      c.cause[i] = causes.indexOf(row.cause ?? 'program');
      c.rule[i] = rules.indexOf(row.rule ?? 'none');
      c.flags[i] = row.rights === undefined ? 0 : flagBits.rightsKnown;
      if (!row.facts) continue;
      details.push(JSON.stringify(row.facts));
      c.detail[i] = ++this.#details;
    }
    return { count, columns: c, firstDetail, details };
  }

  #random(below: number): number {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#seed / 0x100000000) * below);
  }

  #take(pages: number, gap = 1): { readonly start: number; readonly end: number } {
    const start = this.#next;
    this.#next += (pages + gap) * PAGE;
    return { start, end: start + pages * PAGE };
  }

  *#open(): Generator<Row, void, undefined> {
    yield { kind: 'session', tid: 0, facts: sessionFacts() };
    yield { kind: 'process-birth', facts: {} };
    yield { kind: 'thread-birth', rights: 0x55555554, facts: { name: 'crowd' } };
    for (let key = 1; key < COMPARTMENTS.length; key++) yield { kind: 'key-alloc', keyAfter: key };
    for (let module = 0; module < MODULES; module++) yield* this.#module(module);
    yield { kind: 'mark', facts: { text: 'main' } };
    yield {
      kind: 'policy',
      cause: 'policy',
      facts: { policy: 'split', rounding: 'outward', why: 'startup', steps: [] },
    };
    for (let thread = 0; thread < this.#options.threads; thread++) yield* this.#thread(thread);
    yield* this.#memory();
  }

  *#module(module: number): Generator<Row, void, undefined> {
    const name = `libpart${module}.so.1`;
    const path = `/usr/lib/crowd/${name}`;
    const key = module % COMPARTMENTS.length;
    const segments = MODULE_PAGES.map((pages) => this.#take(pages, 0));
    for (const [i, range] of segments.entries())
      yield { kind: 'map', ...range, prot: MODULE_PROTS[i] ?? 1, keyAfter: 0, facts: { name: i === 3 ? '' : path } };
    const [first, , relro, data] = segments;
    this.#take(4);
    if (!first || !relro || !data) return;
    const facts = {
      ...{ name, path, base: hex(first.start), key: key || null, code: 'own', tag: ['segments', 'tls'], shared: null },
      segments: segments.map((range, i) => ({ ...hexRange(range), prot: MODULE_PROTS[i] ?? 1 })),
      relro: hexRange(relro),
      tls: null,
      buildId: null,
    };
    yield { kind: 'module-load', start: first.start, end: data.end, cause: 'kernel', facts };
    if (key > 0) yield { kind: 'tag', ...data, keyAfter: key, prot: 3, rule: 'S1', cause: 'policy' };
  }

  *#thread(thread: number): Generator<Row, void, undefined> {
    const tid = PID + 1 + thread;
    const stack = this.#take(STACK_PAGES + TLS_PAGES);
    const tp = stack.end - 2 * PAGE + 0x740;
    yield { kind: 'map', ...stack, prot: 3, keyAfter: 0, facts: { name: '', flags: ['anonymous', 'stack'] } };
    yield { kind: 'protect', start: stack.start, end: stack.start + PAGE, prot: 0 };
    const facts = { name: `worker-${thread}`, tp: hex(tp), parent: PID };
    yield { kind: 'thread-birth', tid, rights: onlyRights(1), facts };
    const page = tp - (tp % PAGE);
    const range = { start: page - PAGE, end: page };
    yield { kind: 'tls', tid, start: tp, cause: 'assumed', facts: tlsFacts(tp) };
    yield { kind: 'tag', tid, ...range, keyAfter: 1, prot: 3, rule: 'R4', cause: 'policy' };
    yield { kind: 'tag', tid, start: page, end: page + PAGE, keyAfter: 0, prot: 3, rule: 'R6', cause: 'policy' };
    this.#compartment[thread] = 1;
  }

  /** The rest of the regions: mostly small, some large, so that all pages are there. */
  *#memory(): Generator<Row, void, undefined> {
    const { threads, regions, pages } = this.#options;
    const left = Math.max(0, regions - 2 * threads - 4 * MODULES - 3 * threads);
    const used = (this.#next - BASE) / PAGE;
    const large = Math.max(1, Math.floor(left / 100));
    const each = Math.max(16, Math.floor((pages - used - left * 9) / large));
    for (let i = 0; i < left; i++) {
      const size = i % 100 === 7 ? each : 1 + this.#random(16);
      const range = this.#take(size, i % 5 === 0 ? 3 : 0);
      const name = i % 3 === 0 ? `/srv/crowd/data-${i % 997}.bin` : '';
      const prot = i % 7 === 0 ? 1 : i % 11 === 0 ? 0 : 3;
      yield { kind: 'map', ...range, tid: this.#tid(i), prot, keyAfter: 0, facts: { name, flags: ['private'] } };
      this.#regions.push({ start: range.start, pages: size });
      const key = i % COMPARTMENTS.length;
      if (key > 0 && prot === 3) yield { kind: 'tag', ...range, tid: this.#tid(i), keyAfter: key, prot };
    }
  }

  #tid = (thread: number): number => PID + 1 + (thread % this.#options.threads);

  /** One row of the threads at work: nine in ten are gate crossings. */
  #work(): Row {
    const turn = this.#turn++;
    const thread = this.#random(this.#options.threads);
    const tid = this.#tid(thread);
    const pick = this.#random(1000);
    if (pick < 900 || this.#regions.length === 0) {
      const before = this.#compartment[thread] ?? 1;
      const after = 1 + ((before + this.#random(3)) % (COMPARTMENTS.length - 1));
      this.#compartment[thread] = after;
      const rights = turn % 4001 === 0 ? 0 : onlyRights(after);
      return { kind: 'crossing', tid, start: BASE, keyBefore: before, keyAfter: after, rights };
    }
    if (pick < 920) return { kind: 'hold', tid, cause: 'scheduler' };
    if (pick < 940) return { kind: 'release', tid, cause: 'scheduler' };
    const region = this.#regions[this.#random(this.#regions.length)] ?? { start: BASE, pages: 1 };
    const range = { start: region.start, end: region.start + Math.min(region.pages, 64) * PAGE };
    if (pick < 960) return { kind: 'tag', tid, ...range, keyAfter: this.#random(COMPARTMENTS.length), prot: 3 };
    if (pick < 980) return { kind: 'protect', tid, ...range, prot: this.#random(2) ? 3 : 1 };
    if (pick < 998) return { kind: 'map', tid, ...range, prot: 3, keyAfter: 0, facts: { name: '' } };
    if (turn % 2) return { kind: 'signal', tid, cause: 'kernel', facts: SIGNAL };
    return { kind: 'fault', tid, start: BASE + 0x28, rights: onlyRights(2), cause: 'kernel', facts: FAULT };
  }
}

const SIGNAL = { signal: 'SIGUSR1', siCode: 0, disposition: 'handler' };
const FAULT = canaryFault('step-over');

const hexRange = (range: { readonly start: number; readonly end: number }) => ({
  start: hex(range.start),
  end: hex(range.end),
});

const tlsFacts = (tp: number) => ({
  tp: hex(tp),
  dtv: hex(tp + 0x9a0),
  descriptor: { start: hex(tp), end: hex(tp + 0x940) },
  rseq: { start: hex(tp + 0x9a0 - 0x40), end: hex(tp + 0x9a0 - 0x20) },
  slot: null,
  blocks: [{ module: 'libpart1.so.1', key: 1, start: hex(tp - 0x90), memsz: 0x90, static: true }],
});

const sessionFacts = () => ({
  program: '/usr/bin/crowd',
  args: ['--all'],
  keys: 'emulated',
  gates: 'virtual',
  policy: 'split',
  rounding: 'outward',
  rseq: 'keep',
  onFault: 'step-over',
  tracerPolicy: 'off',
  compartments: COMPARTMENTS.slice(1).map((name, i) => ({ key: i + 1, name, modules: [`libpart${i + 1}.so.1`] })),
  kernel: '6.1.0-synthetic',
  startedAt: '2026-01-01T00:00:00Z',
});
