/** The whole session at one instant, read-only. Made by History from a frozen copy of the replay state. */
import type { SessionFacts, StandFacts, TlsFacts } from '../contract/details.ts';
import { type EventKind, eventKinds } from '../contract/events.ts';
import {
  type Addr,
  asAddr,
  asEventIndex,
  asKey,
  asPid,
  asPkru,
  asTid,
  type EventIndex,
  type Key,
  type Pid,
  type Pkru,
  type Tid,
} from '../contract/ids.ts';
import type { PauseRule } from '../contract/pause.ts';
import type { Phase } from '../contract/phase.ts';
import type { EventLog } from './eventLog.ts';
import { compartmentName } from './names.ts';
import { compartmentOf } from './rights.ts';
import { Space } from './space.ts';
import { NONE, type State, type ThreadState } from './state.ts';

export interface Thread {
  readonly tid: Tid;
  readonly pid: Pid;
  /** 1 for the first thread of its process: the number people say. */
  readonly number: number;
  readonly name: string | null;
  readonly state: 'running' | 'held' | 'exited';
  readonly rights: Pkru | 'unknown';
  /** Key of the compartment it runs as, by its rights or else by its last virtual gate; null = names none. */
  readonly compartment: Key | null;
  readonly tp: Addr | null;
  readonly tls: TlsFacts | null;
  readonly tlsEvent: EventIndex | null;
  readonly born: EventIndex;
  readonly exited: EventIndex | null;
  readonly lastEvent: EventIndex | null;
  readonly lastFault: EventIndex | null;
  /** Where it stands in a program that is stopped; null = it goes on, or nobody knows. */
  readonly stand: StandFacts | null;
}

/** The policy in force and the row that put it there. */
export interface PolicyInForce {
  readonly name: string;
  readonly rounding: 'padded' | 'outward';
  readonly since: EventIndex;
  readonly time: number;
}

export class World {
  /** The state is that after this row; -1 = before the first. */
  readonly index: EventIndex;
  readonly time: number;
  readonly session: SessionFacts | null;
  readonly mainPid: Pid | null;
  /** Null while nothing has been applied. */
  readonly policy: PolicyInForce | null;
  readonly phase: Phase;
  /** The events that pause the program by themselves. */
  readonly pauseOn: readonly PauseRule[];
  readonly spaces: ReadonlyMap<Pid, Space>;
  readonly threads: ReadonlyMap<Tid, Thread>;
  readonly counts: Readonly<Record<EventKind, number>>;
  readonly #threadsOf = new Map<Pid, readonly Thread[]>();

  constructor(state: State, log: EventLog) {
    this.index = asEventIndex(state.next - 1);
    this.time = log.time(this.index);
    this.session = state.session === NONE ? null : log.facts(state.session, 'session');
    this.mainPid = state.mainPid === NONE ? null : asPid(state.mainPid);
    this.policy = policyOf(state, log);
    this.phase = phaseOf(state, log);
    this.pauseOn = state.pauseOn === NONE ? [] : (log.facts(state.pauseOn, 'pause-on')?.rules ?? []);
    const frozen = new Map([...state.spaces].map(([pid, space]) => [pid, space.clone()]));
    this.spaces = new Map(
      [...frozen].map(([pid, space]) => {
        let memory = space;
        for (let hops = 0; memory.shares !== NONE && hops < 64; hops++) memory = frozen.get(memory.shares) ?? memory;
        return [asPid(pid), new Space(space, memory, log)];
      }),
    );
    this.threads = new Map([...state.threads].map(([tid, thread]) => [asTid(tid), threadOf(thread, state, log)]));
    this.counts = Object.fromEntries(eventKinds.map((kind, code) => [kind, state.counts[code] ?? 0])) as Record<
      EventKind,
      number
    >;
  }

  /** Gate crossings so far. */
  get crossings(): number {
    return this.counts.crossing;
  }

  /** The main process's address space. */
  get main(): Space | null {
    return this.mainPid === null ? null : (this.spaces.get(this.mainPid) ?? null);
  }

  /** Name of the compartment that owns a key; `shared` for key 0, null where none does. */
  keyName(key: number): string | null {
    return compartmentName(this.session, key);
  }

  /** Threads of one process in order of birth. */
  threadsOf(pid: Pid): readonly Thread[] {
    const known = this.#threadsOf.get(pid);
    if (known) return known;
    const own = [...this.threads.values()].filter((thread) => thread.pid === pid);
    own.sort((a, b) => a.number - b.number);
    this.#threadsOf.set(pid, own);
    return own;
  }
}

function threadOf(thread: ThreadState, state: State, log: EventLog): Thread {
  const birth = log.facts(thread.born, 'thread-birth');
  const tls = thread.tls === NONE ? null : log.facts(thread.tls, 'tls');
  const rights = thread.rightsKnown ? asPkru(thread.rights) : null;
  const tp = tls?.tp ?? birth?.tp;
  return {
    tid: asTid(thread.tid),
    pid: asPid(thread.pid),
    number: thread.number,
    name: nameOf(thread, birth?.name, log),
    state: thread.exited !== NONE ? 'exited' : thread.held ? 'held' : 'running',
    rights: rights ?? 'unknown',
    compartment: compartmentOf(rights) ?? (thread.gate === NONE ? null : asKey(thread.gate)),
    tp: tp === undefined ? null : asAddr(Number(tp)),
    tls,
    tlsEvent: thread.tls === NONE ? null : asEventIndex(thread.tls),
    born: asEventIndex(thread.born),
    exited: thread.exited === NONE ? null : asEventIndex(thread.exited),
    lastEvent: thread.last === NONE ? null : asEventIndex(thread.last),
    lastFault: thread.lastFault === NONE ? null : asEventIndex(thread.lastFault),
    stand: thread.stand > state.resumed && thread.exited === NONE ? log.facts(thread.stand, 'stand') : null,
  };
}

/** What a thread called itself, or what the kernel calls it: its creator's name, or the program of its last exec. */
function nameOf(thread: ThreadState, born: string | undefined, log: EventLog): string | null {
  if (thread.named > Math.max(thread.exec, thread.born)) return log.facts(thread.named, 'thread-name')?.name ?? null;
  if (born !== undefined && thread.exec < thread.born) return born;
  const path = thread.exec === NONE ? null : log.facts(thread.exec, 'exec')?.path;
  return path?.slice(path.lastIndexOf('/') + 1).slice(0, 15) ?? born ?? null;
}

function policyOf(state: State, log: EventLog): PolicyInForce | null {
  if (state.policy === NONE) return null;
  const facts = log.facts(state.policy, 'policy');
  return (
    facts && {
      name: facts.policy,
      rounding: facts.rounding,
      since: asEventIndex(state.policySince),
      time: log.time(state.policySince),
    }
  );
}

function phaseOf(state: State, log: EventLog): Phase {
  if (state.mainPid === NONE) return { at: 'empty' };
  const exit = state.mainExit === NONE ? null : log.facts(state.mainExit, 'process-exit');
  if (exit) return { at: 'ended', exit };
  const pid = asPid(state.mainPid);
  if (state.detach !== NONE) {
    const stopped = log.facts(state.detach, 'detach')?.stopped === true;
    return { at: 'detached', pid, ...(stopped ? { stopped } : {}) };
  }
  if (state.stop !== NONE) {
    const tid = log.columns.tid[state.stop] ?? 0;
    const facts = log.facts(state.stop, 'stop');
    const why = facts?.why ?? 'user';
    return { at: 'paused', pid, why, rule: facts?.rule ?? null, tid: tid === 0 ? null : asTid(tid) };
  }
  return { at: 'running', pid, initEnded: state.initEnd !== NONE };
}
