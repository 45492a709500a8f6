import type { StandFacts } from '../../../core/contract/details.ts';
import type { EventLog } from '../../../core/model/eventLog.ts';
import { shortModule, symbolWords } from '../../../core/model/names.ts';
import type { Thread, World } from '../../../core/model/world.ts';

/** What a thread is doing at an instant, in two words; `denied` when a key stopped it just now. */
export interface ThreadWords {
  readonly words: string;
  readonly denied: boolean;
}

/** A fault is the news about a thread until something else happens to it, or its process ends over it. */
export function threadState(log: EventLog, world: World, thread: Thread): ThreadWords {
  const fault = thread.lastFault === null ? null : log.facts(thread.lastFault, 'fault');
  const faulting =
    fault !== null &&
    thread.lastFault !== null &&
    (thread.lastFault === thread.lastEvent || diedOf(log, thread.lastFault, thread));
  if (fault && faulting && fault.outcome === 'denied') return { words: `denied ${fault.access}`, denied: true };
  if (fault && faulting && fault.outcome === 'rseq') return { words: 'killed over rseq', denied: true };
  if (fault && faulting) return { words: 'SIGSEGV', denied: false };
  if (thread.state === 'exited') return { words: 'exited', denied: false };
  if (thread.state === 'held') return { words: 'held by Keyhole', denied: false };
  return { words: world.phase.at === 'paused' ? 'stopped' : 'running', denied: false };
}

/** `in futex, at __futex_abstimed_wait+0x1c of libc`; `at work+0x62 of ten-threads`; `unknown`. */
export function standWords(stand: StandFacts | null): string {
  if (!stand) return 'unknown';
  const { module, address } = stand.at;
  // Which version of a symbol it is says nothing of where a thread stands.
  const name = symbolWords(stand.at)?.replace(/@+[^+]*/, '') ?? address;
  const at = `at ${name}${module ? ` of ${shortModule(module)}` : ''}`;
  return stand.call === null ? at : `in ${stand.call}, ${at}`;
}

/** True when nothing but its end followed the fault. */
function diedOf(log: EventLog, fault: number, thread: Thread): boolean {
  if (thread.lastEvent === null) return false;
  const { tid } = log.columns;
  for (let row = fault + 1; row <= thread.lastEvent; row++) {
    if (tid[row] !== thread.tid) continue;
    const name = log.kind(row);
    if (name !== 'signal' && name !== 'thread-exit' && name !== 'process-exit' && name !== 'stop') return false;
  }
  return true;
}

/** `T1`, and with its process where there is more than one. */
export const threadShort = (world: World, thread: Thread): string =>
  thread.pid === world.mainPid ? `T${thread.number}` : `T${thread.number} of ${thread.pid}`;
