/** One row's effect on the state. The loop allocates nothing for the rows that come in millions. */
import { flagBits, UNKNOWN_PROT } from '../contract/events.ts';
import { kindCode as K } from './codes.ts';
import type { EventLog } from './eventLog.ts';
import { NONE, type State, type ThreadState } from './state.ts';

/** Applies the rows from `state.next` up to, not including, `until`. */
export function replay(state: State, log: EventLog, until: number): void {
  const c = log.columns;
  for (let row = state.next; row < until; row++) {
    const kind = c.kind[row] ?? 0;
    state.counts[kind] = (state.counts[kind] ?? 0) + 1;
    const pid = c.pid[row] ?? 0;
    const tid = c.tid[row] ?? 0;
    const flags = c.flags[row] ?? 0;
    if (tid !== 0) {
      const thread = kind === K['thread-birth'] ? threadBirth(state, row, pid, tid) : state.thread(tid, pid, row);
      // Where it stands is no act of the thread.
      if (kind === K.stand) thread.stand = row;
      else thread.last = row;
      if (flags & flagBits.rightsKnown) {
        thread.rights = c.rights[row] ?? 0;
        thread.rightsKnown = true;
      }
      if (kind === K.crossing) thread.gate = c.keyAfter[row] ?? NONE;
      else if (kind === K.hold) thread.held = true;
      else if (kind === K.release) thread.held = false;
      else if (kind === K.tls) thread.tls = row;
      else if (kind === K.fault) thread.lastFault = row;
      else if (kind === K['thread-name']) thread.named = row;
      else if (kind === K['thread-exit']) thread.exited = row;
    }
    // A failed call changed nothing; a crossing or rights row has no effect on memory.
    if ((flags & flagBits.failed) === 0 && kind !== K.crossing && kind !== K.rights) {
      if (kind === K.map || kind === K.unmap || kind === K.protect || kind === K.tag)
        memory(state, log, row, kind, pid);
      else structure(state, log, row, kind, pid, tid);
    }
  }
  state.next = Math.max(state.next, until);
}

function memory(state: State, log: EventLog, row: number, kind: number, pid: number): void {
  const c = log.columns;
  const space = state.space(pid, row);
  const start = c.start[row] ?? 0;
  const end = c.end[row] ?? 0;
  const prot = c.protAfter[row] ?? UNKNOWN_PROT;
  const key = c.keyAfter[row] ?? NONE;
  if (kind === K.map) {
    const mapped = heapGrowth(log, space.regions, start, row);
    space.regions.map(start, end, prot, key, mapped, log.mapWords(mapped));
  } else if (kind === K.unmap) space.regions.unmap(start, end);
  else if (kind === K.protect) space.regions.protect(start, end, prot);
  else space.regions.tag(start, end, key, prot === UNKNOWN_PROT ? -1 : prot, row);
}

/** The heap grows by many small maps; they stay one region, born with the first. */
function heapGrowth(
  log: EventLog,
  regions: { at(addr: number): { mapped: number } | null },
  start: number,
  row: number,
): number {
  const { name } = log.mapFacts(row);
  if (name !== '[heap]') return row;
  const below = regions.at(start - 1);
  return below && log.mapFacts(below.mapped).name === name ? below.mapped : row;
}

function structure(state: State, log: EventLog, row: number, kind: number, pid: number, tid: number): void {
  switch (kind) {
    case K.session:
      state.session = row;
      // What was attached is past its startup, for all anybody knows.
      if (log.facts(row, 'session')?.attached) state.initEnd = row;
      if (pid !== 0) state.mainPid = pid;
      break;
    case K['process-birth']:
      birth(state, log, row, pid);
      break;
    case K['process-exit']:
      exit(state, row, pid);
      break;
    case K.exec:
      state.space(pid, row);
      state.spaces.get(pid)?.empty();
      for (const thread of state.threads.values()) {
        if (thread.tid === tid) {
          thread.exited = NONE; // exec from another thread takes over the leader's id
          thread.exec = row;
        } else if (thread.pid === pid && thread.exited === NONE) thread.exited = row;
      }
      break;
    case K['module-load']: {
      const space = state.space(pid, row);
      space.modules = [...space.modules, row];
      break;
    }
    case K['module-unload']: {
      const space = state.space(pid, row);
      const start = log.columns.start[row];
      space.modules = space.modules.filter((loaded) => log.columns.start[loaded] !== start);
      break;
    }
    case K['key-alloc']:
      state.space(pid, row).keyAlloc[log.columns.keyAfter[row] ?? 0] = row;
      break;
    case K['key-free']:
      state.space(pid, row).keyAlloc[log.columns.keyBefore[row] ?? 0] = NONE;
      break;
    case K.policy:
      policyStep(state, log, row);
      break;
    case K.mark: {
      const text = log.facts(row, 'mark')?.text;
      if (state.initEnd === NONE && (text === 'init-end' || text === 'main')) state.initEnd = row;
      break;
    }
    case K.stop:
      state.stop = row;
      break;
    case K.resume:
      state.stop = NONE;
      state.resumed = row;
      break;
    case K.detach:
      state.detach = row;
      break;
    case K['pause-on']:
      state.pauseOn = row;
      break;
  }
}

/** The thread that is born; a row about it may have come first, and a tid may be used again after its exit. */
function threadBirth(state: State, row: number, pid: number, tid: number): ThreadState {
  const known = state.threads.get(tid);
  // A vfork child's first thread is born in the memory it borrows, but it belongs to its own process.
  const same = known && (known.pid === pid || state.spaces.get(known.pid)?.shares === pid);
  if (known && known.exited === NONE && same) {
    known.born = row;
    return known;
  }
  state.threads.delete(tid);
  return state.thread(tid, pid, row);
}

function birth(state: State, log: EventLog, row: number, pid: number): void {
  const facts = log.facts(row, 'process-birth');
  if (state.mainPid === NONE) state.mainPid = pid;
  if (facts?.copyOf !== undefined) {
    const parent = state.space(facts.copyOf, row);
    const copy = parent.clone(pid);
    copy.shares = NONE;
    copy.born = row;
    copy.exited = NONE;
    state.spaces.set(pid, copy);
  }
  if (!state.spaces.has(pid)) state.space(pid, row);
  const space = state.spaces.get(pid);
  if (!space) return;
  if (facts?.shares !== undefined && facts.shares !== pid) space.shares = facts.shares;
  if (facts?.parent !== undefined) space.parent = facts.parent;
}

function exit(state: State, row: number, pid: number): void {
  const space = state.spaces.get(pid);
  if (space) space.exited = row;
  for (const thread of state.threads.values()) {
    if (thread.pid === pid && thread.exited === NONE) thread.exited = row;
  }
  if (pid === state.mainPid) state.mainExit = row;
}

function policyStep(state: State, log: EventLog, row: number): void {
  const facts = log.facts(row, 'policy');
  if (!facts || facts.why === 'manual') return;
  // Without a main to stop at, startup itself is the end of init.
  if (facts.why === 'startup' && state.initEnd === NONE) state.initEnd = row;
  const before = state.policy === NONE ? null : log.facts(state.policy, 'policy');
  if (before?.policy !== facts.policy || before.rounding !== facts.rounding) state.policySince = row;
  state.policy = row;
}
