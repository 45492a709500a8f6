/** The state that replay keeps: mutable, numbers only, cheap to clone. Views never see it; they see a World. */

import { eventKinds } from '../contract/events.ts';
import { KEY_COUNT } from '../contract/ids.ts';
import { RegionMap } from './regionMap.ts';

export const NONE = -1;

/** One address space. `shares` names the space it borrows (vfork) until exec; NONE = its own. */
export class SpaceState {
  readonly pid: number;
  parent = NONE;
  shares = NONE;
  born: number;
  exited = NONE;
  regions = new RegionMap();
  /** Rows of `module-load`, in load order. */
  modules: readonly number[] = [];
  /** Row of `key-alloc` by key; NONE = not allocated. */
  keyAlloc = new Int32Array(KEY_COUNT).fill(NONE);

  constructor(pid: number, born: number) {
    this.pid = pid;
    this.born = born;
  }

  /** An independent copy, for a fork under another pid or for a checkpoint under the same. */
  clone(pid = this.pid): SpaceState {
    const copy = new SpaceState(pid, this.born);
    copy.parent = this.parent;
    copy.shares = this.shares;
    copy.exited = this.exited;
    copy.regions = this.regions.clone();
    copy.modules = this.modules;
    copy.keyAlloc = this.keyAlloc.slice();
    return copy;
  }

  /** What exec leaves. */
  empty(): void {
    this.shares = NONE;
    this.regions = new RegionMap();
    this.modules = [];
    this.keyAlloc = new Int32Array(KEY_COUNT).fill(NONE);
  }
}

/** One thread. Rows are indexes into the log; NONE = never. */
export class ThreadState {
  readonly tid: number;
  pid: number;
  /** 1 for the first thread of its address space, and so on in order of birth. */
  number: number;
  born: number;
  exited = NONE;
  held = false;
  rights = 0;
  rightsKnown = false;
  /** Compartment by the last virtual gate; NONE = crossed none. */
  gate = NONE;
  tls = NONE;
  last = NONE;
  lastFault = NONE;
  /** The last row in which it named itself. */
  named = NONE;
  /** The row that last said where it stands. */
  stand = NONE;
  /** Last exec, from which the thread has its name otherwise. */
  exec = NONE;

  constructor(tid: number, pid: number, number: number, born: number) {
    this.tid = tid;
    this.pid = pid;
    this.number = number;
    this.born = born;
  }

  clone(): ThreadState {
    return Object.assign(new ThreadState(this.tid, this.pid, this.number, this.born), this);
  }
}

export class State {
  /** Rows applied so far: the state is that after row `next - 1`. */
  next = 0;
  session = NONE;
  mainPid = NONE;
  /** Last policy row that put a policy in force (not a manual tag). */
  policy = NONE;
  /** The row since which that policy (by name and rounding) has been in force. */
  policySince = NONE;
  initEnd = NONE;
  stop = NONE;
  resumed = NONE;
  mainExit = NONE;
  detach = NONE;
  /** The row that last said which events pause the program. */
  pauseOn = NONE;
  counts = new Uint32Array(eventKinds.length);
  spaces = new Map<number, SpaceState>();
  threads = new Map<number, ThreadState>();
  threadsOf = new Map<number, number>();

  clone(): State {
    const copy = Object.assign(new State(), this);
    copy.counts = this.counts.slice();
    copy.spaces = new Map([...this.spaces].map(([pid, space]) => [pid, space.clone()]));
    copy.threads = new Map([...this.threads].map(([tid, thread]) => [tid, thread.clone()]));
    copy.threadsOf = new Map(this.threadsOf);
    return copy;
  }

  /** Region chunks copied since the last call, in all spaces. */
  takeCopied(): number {
    let copied = 0;
    for (const { regions } of this.spaces.values()) {
      copied += regions.copied;
      regions.copied = 0;
    }
    return copied;
  }

  /** Region chunks in all spaces: what a copy of everything would cost at most. */
  chunks(): number {
    let chunks = 0;
    for (const { regions } of this.spaces.values()) chunks += regions.chunkCount;
    return chunks;
  }

  /** The space that rows of `pid` are about, made on first sight; a borrowed one is followed to its lender. */
  space(pid: number, row: number): SpaceState {
    let space = this.spaces.get(pid);
    if (!space) {
      space = new SpaceState(pid, row);
      this.spaces.set(pid, space);
    }
    for (let lent = space; lent.shares !== NONE; space = lent) {
      const lender = this.spaces.get(lent.shares);
      if (!lender || lender === space) break;
      lent = lender;
    }
    return space;
  }

  /** The thread `tid`, made on first sight. */
  thread(tid: number, pid: number, row: number): ThreadState {
    let thread = this.threads.get(tid);
    if (!thread) {
      const number = (this.threadsOf.get(pid) ?? 0) + 1;
      this.threadsOf.set(pid, number);
      thread = new ThreadState(tid, pid, number, row);
      this.threads.set(tid, thread);
    }
    return thread;
  }
}
