/** What a person can do about a fault while the program is there: each a command, with words for the question before it. */
import type { Command } from '../../core/contract/commands.ts';
import { asPkru, type EventIndex, hex, PAGE } from '../../core/contract/ids.ts';
import type { Explanation } from '../../core/model/explain.ts';
import { rightsWords, withRight } from '../../core/model/rights.ts';
import type { World } from '../../core/model/world.ts';

export interface FaultAction {
  readonly name: string;
  readonly question: string;
  /** What changes in the program, and what the log keeps of it. */
  readonly words: string;
  readonly command: Command;
}

/** Whether the thread stands at this very access, held by the session. */
function standsAt(latest: World, { facts, site }: Explanation, index: EventIndex): boolean {
  const thread = site.thread && latest.threads.get(site.thread.tid);
  if (facts.action !== 'stop' || latest.phase.at !== 'paused' || thread?.lastFault !== index) return false;
  // Stepped over by hand it stands behind the instruction, and there is nothing left to step over.
  return thread.stand === null || thread.stand.at.address === facts.instruction.address;
}

/** The changes that would let the access through, as the program is now. */
export function faultActions(latest: World, explanation: Explanation, index: EventIndex): readonly FaultAction[] {
  const { facts, site, owner } = explanation;
  const actions: FaultAction[] = [];
  const space = site.space && latest.spaces.get(site.space.pid);
  if (facts.outcome === 'plain' || !space) return actions;
  const keyNow = space.at(site.page)?.key ?? null;
  if (keyNow !== null && keyNow !== 0) {
    actions.push({
      name: 'Share this page…',
      question: `Share page ${hex(site.page)}?`,
      words: `It gets key 0 instead of key ${keyNow}: every compartment may use all of its 4096 bytes. The log keeps this as a tag by hand, and a revert takes it back.`,
      command: { do: 'tag', pid: space.pid, start: hex(site.page), end: hex(site.page + PAGE), key: 0 },
    });
  }
  const thread = site.thread && latest.threads.get(site.thread.tid);
  const rights = thread && thread.state !== 'exited' && thread.rights !== 'unknown' ? thread.rights : null;
  if (thread && rights !== null && owner !== null) {
    const pkru = withRight(rights, owner.key, 'open');
    if (pkru !== rights) {
      actions.push({
        name: 'Give rights…',
        question: `Give T${thread.number} the right to key ${owner.key}?`,
        words: `It may then use every page of ${owner.name ?? `key ${owner.key}`}, until its next gate or WRPKRU: ${rightsWords(asPkru(pkru))}. The log keeps the change as made by you.`,
        command: { do: 'rights', tid: thread.tid, pkru },
      });
    }
  }
  if (thread && standsAt(latest, explanation, index)) {
    actions.push({
      name: 'Step over…',
      question: `Step T${thread.number} over this access?`,
      words: `The instruction ${facts.instruction.text} is carried out once although it is denied; nothing else changes and the program stays paused. The log keeps a mark of it.`,
      command: { do: 'step-over', tid: thread.tid },
    });
  }
  return actions;
}
