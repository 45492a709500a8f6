/**
 * What a recording says that does not depend on the machine: for each thread the sequence of what it did and what was
 * done to it. docs/emulation-limits.md says what is left out, and why.
 */
import type { EventKind } from '../../../core/contract/events.ts';
import type { EventLog } from '../../../core/model/eventLog.ts';
import { kernelPages, Places } from './places.ts';

/** Threads by birth: `0` is the first, `0.2` the second that it made. */
export type Sequences = ReadonlyMap<string, readonly string[]>;

/** Of the scheduler, of the machine, or (rights) seen on emulated keys only. */
const leftOut: ReadonlySet<EventKind> = new Set([
  ...(['session', 'hold', 'release', 'output', 'rights', 'stop', 'resume', 'tls'] as const),
]);

const bare = (path: string | null): string => path?.split('/').at(-1) ?? 'unknown';

class Reader {
  readonly #log: EventLog;
  readonly #threads = new Map<number, string>();
  readonly #children = new Map<string, number>();
  readonly #spaces = new Map<number, Places>();
  readonly sequences = new Map<string, string[]>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  read(): Sequences {
    for (let index = 0; index < this.#log.length; index++) this.#row(index);
    return this.sequences;
  }

  #places(pid: number): Places {
    const known = this.#spaces.get(pid);
    if (known) return known;
    const fresh = new Places();
    this.#spaces.set(pid, fresh);
    return fresh;
  }

  #name(tid: number | null): string {
    return tid === null ? 'nobody' : (this.#threads.get(tid) ?? 'unknown');
  }

  #born(tid: number, parent: number | undefined): void {
    if (this.#threads.has(tid)) return;
    const by = parent === undefined ? undefined : this.#threads.get(parent);
    const count = (this.#children.get(by ?? '') ?? 0) + 1;
    this.#children.set(by ?? '', count);
    this.#threads.set(tid, by === undefined ? '0' : `${by}.${count}`);
  }

  #row(index: number): void {
    const log = this.#log;
    const row = log.at(index);
    if (row.kind === 'process-birth') {
      const facts = log.needFacts(index, 'process-birth');
      if (row.tid !== null) this.#born(row.tid, facts.parent);
      if (facts.copyOf !== undefined) this.#spaces.set(row.pid, this.#places(facts.copyOf).copy());
      if (facts.shares !== undefined) this.#spaces.set(row.pid, this.#places(facts.shares));
    }
    if (row.kind === 'thread-birth' && row.tid !== null) {
      this.#born(row.tid, log.needFacts(index, 'thread-birth').parent);
    }
    if (row.kind === 'exec') this.#spaces.set(row.pid, new Places());
    const who = this.#name(row.tid);
    const text = this.#text(index, who);
    if (text === null) return;
    // SIGCHLD is the process's: any thread of it that does not stand just then may be handed it (kernel/signal.c, complete_signal).
    const whose = row.kind === 'signal' && text.startsWith('SIGCHLD') ? this.#name(row.pid) : who;
    const sequence = this.sequences.get(whose) ?? [];
    this.sequences.set(whose, sequence);
    // How many there are is a matter of time and place: timers go on, signals merge while they are pending, and how
    // often the heap grows depends on where in its page the kernel begins it.
    const once = row.kind === 'signal' ? /^SIG(ALRM|CHLD)/.test(text) : text === '[heap]';
    if (once && sequence.some((line) => line.includes(text))) return;
    const keys = `${row.keyBefore ?? '-'}>${row.keyAfter ?? '-'}`;
    sequence.push(
      `${row.kind} ${text} key ${keys} prot ${row.protAfter ?? '-'} = ${row.result} ${row.cause} ${row.rule}`,
    );
  }

  /** The essential part of a row; null where it is left out. */
  #text(index: number, who: string): string | null {
    const log = this.#log;
    const { kind, pid, start, end, rights } = log.at(index);
    const places = this.#places(pid);
    if (leftOut.has(kind)) return null;
    const where = (at: string): string => places.name(Number(at));
    switch (kind) {
      case 'map': {
        const facts = log.facts(index, 'map');
        const from = facts?.from === undefined ? '' : ` from ${where(facts.from)}`;
        const arena = places.add(log, index, who) === 'arena';
        if (kernelPages.test(facts?.name ?? '')) return null;
        if (arena) return `arena ${facts?.flags}`;
        // How large they are depends on the environment and on where the kernel begins the heap.
        if (facts?.name === '[heap]') return facts.name;
        // It grows by itself; that is noticed at the next stop, and those differ.
        if (facts?.name === '[stack]') return who === 'nobody' ? null : facts.name;
        return `${places.range(start, end)}${from} ${facts?.flags ?? ''}`;
      }
      case 'unmap': {
        const text = places.range(start, end);
        places.remove(start, end);
        return text.startsWith('arena') ? null : text;
      }
      case 'protect':
      case 'tag':
        return places.range(start, end);
      case 'crossing':
        return `to ${places.name(start)} rights ${rights?.toString(16)}`;
      case 'fault': {
        const facts = log.needFacts(index, 'fault');
        const { outcome, address, access, key, siCode, accessor, instruction, action } = facts;
        // libc has one memcpy for each kind of CPU.
        const module = bare(instruction.module);
        const code = module === 'libc.so.6' ? module : `${module} ${instruction.symbol}`;
        const region = facts.region ? `prot ${facts.region.prot} key ${facts.region.key}` : 'no region';
        const text = `${outcome} ${where(address)} ${access} key ${key} code ${siCode} rights ${facts.rights?.toString(16)}`;
        return `${text} accessor ${accessor} in ${code} ${region} ${action}`;
      }
      case 'signal': {
        const facts = log.facts(index, 'signal');
        return `${facts?.signal} code ${facts?.siCode} ${facts?.disposition}`;
      }
      case 'policy': {
        const facts = log.needFacts(index, 'policy');
        const steps = facts.steps.map(
          (one) => `${places.range(Number(one.start), Number(one.end))} ${one.key} ${one.rule}`,
        );
        return `${facts.policy} ${facts.rounding} ${facts.why}: ${steps.join(', ')}`;
      }
      case 'module-load': {
        const facts = log.needFacts(index, 'module-load');
        return `${facts.name} key ${facts.key} ${facts.code}`;
      }
      case 'process-exit':
        return JSON.stringify(log.facts(index, 'process-exit'));
      case 'finding':
        return String(log.facts(index, 'finding')?.class);
      case 'verdict':
        return JSON.stringify(log.facts(index, 'verdict')?.call);
      case 'mark':
        return String(log.facts(index, 'mark')?.text);
      case 'thread-name':
        return String(log.facts(index, 'thread-name')?.name);
      default:
        return '';
    }
  }
}

export const sequencesOf = (log: EventLog): Sequences => new Reader(log).read();
