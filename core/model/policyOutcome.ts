/**
 * What each preset would have done to the page of a fault. Predicted from the thread's TLS facts and the rules of the
 * planner where those decide; a page that no TLS block reaches keeps the key it has.
 */
import type { TlsFacts } from '../contract/details.ts';
import type { Rule } from '../contract/events.ts';
import { type Key, PAGE, type Pkru, type Tid } from '../contract/ids.ts';
import { type Policy, type PresetName, presetNames, presets } from '../contract/policies.ts';
import type { FaultSite } from './faultSite.ts';
import { mayRead, mayWrite } from './rights.ts';
import type { Region, Space } from './space.ts';
import { pageOf, pageUp } from './tls.ts';
import type { Thread, World } from './world.ts';

export interface ThreadOutcome {
  readonly tid: Tid;
  readonly number: number;
  /** `unknown`: the thread's TLS is not known. */
  readonly outcome: 'allowed' | 'denied' | 'unknown';
  /** The rule that gives the page its key there; null = no rule of the policy touches it. */
  readonly rule: Rule | null;
}

export interface PolicyOutcome {
  readonly policy: PresetName;
  /** For the thread whose page it is (for a page of no thread: the thread that acted). */
  readonly outcome: 'allowed' | 'denied' | 'unknown';
  readonly rule: Rule | null;
  /** The same page of every thread of the process. */
  readonly threads: readonly ThreadOutcome[];
  /** `slot, TCB`: what the policy leaves shared. */
  readonly leavesShared: string;
}

const CARVE_OUT_WORDS: Readonly<Record<string, string>> = { slot: 'slot', tcb: 'TCB', dtv: 'DTV' };

/** `none`, `slot`, `slot, TCB of T1`, `slot, TCB, 8 below`. */
export function sharedWords(policy: Policy): string {
  if (!policy.tag) return 'all';
  const words = policy.carveOuts.map((rule) =>
    rule.startsWith('below-tcb:') ? `${rule.slice('below-tcb:'.length)} below` : (CARVE_OUT_WORDS[rule] ?? rule),
  );
  if (policy.startupTcb && !policy.carveOuts.includes('tcb')) words.push('TCB of T1');
  return words.length === 0 ? 'none' : words.join(', ');
}

/** The key a policy would give a page, and the rule that does; `rule` null = no rule of it touches the page. */
export interface Predicted {
  readonly key: Key | null;
  readonly rule: Rule | null;
}

const SHARED = 0 as Key;
const TLS_RULES: readonly Rule[] = ['R4', 'R5', 'R6', 'R10', 'A2', 'dtv', 'below-tcb', 'rseq', 'pthread', 'symbol'];

/** The pages a policy leaves shared for one thread, by the rule that does. */
function carveOuts(policy: Policy, tls: TlsFacts, rounding: 'padded' | 'outward'): ReadonlyMap<number, Rule> {
  const pages = new Map<number, Rule>();
  const add = (start: number, end: number, rule: Rule): void => {
    for (let page: number = pageOf(start); page < end; page += PAGE) if (!pages.has(page)) pages.set(page, rule);
  };
  const tp = Number(tls.tp);
  for (const rule of policy.carveOuts) {
    if (rule === 'slot' && tls.slot) {
      const slot = Number(tls.slot);
      const legal = tls.blocks.some((block) => {
        const { end } = blockPages(block, rounding);
        return block.key === 1 && Number(block.start) <= slot && slot < end;
      });
      if (legal) add(slot, slot + PAGE, 'R5');
    } else if (rule === 'tcb') add(tp, tp + 1, 'R6');
    else if (rule === 'dtv' && tls.dtv) add(Number(tls.dtv), Number(tls.dtv) + 1, 'dtv');
    else if (rule === 'rseq' && tls.rseq) add(Number(tls.rseq.start), Number(tls.rseq.end), 'rseq');
    else if (rule === 'pthread' && tls.descriptor)
      add(Number(tls.descriptor.start), Number(tls.descriptor.end), 'pthread');
    else if (rule.startsWith('below-tcb:')) add(pageOf(tp) - Number(rule.slice(10)) * PAGE, pageOf(tp), 'below-tcb');
  }
  return pages;
}

/** R1 and R12: the pages of a block that get its key. */
function blockPages(block: TlsFacts['blocks'][number], rounding: 'padded' | 'outward'): { start: number; end: number } {
  const start = Number(block.start);
  const end = start + block.memsz;
  return { start: pageOf(start), end: rounding === 'padded' ? pageOf(end) : pageUp(end) };
}

/** Whether the program itself gave the pages their key, by a tag or by moving tagged pages there. */
export const isOfProgram = (region: Region | null): boolean =>
  region !== null && (region.tag ? region.tag.cause === 'program' : region.key !== null && region.key !== 0);

/** The key `page` of `thread` would have under `policy`; null where the thread's TLS is not known. */
export function predict(policy: Policy, world: World, space: Space, thread: Thread, page: number): Predicted | null {
  const region = space.at(page);
  const now: Predicted = { key: region?.key ?? null, rule: null };
  if (isOfProgram(region)) return now;
  if (!policy.tag) return { key: SHARED, rule: null };
  if (!thread.tls) return null;
  const rounding = world.policy?.rounding ?? world.session?.rounding ?? 'padded';
  const block = thread.tls.blocks.findLast((candidate) => {
    const { start, end } = blockPages(candidate, rounding);
    return candidate.key !== null && start <= page && page < end;
  });
  if (policy.startupTcb && thread.number === 1 && page === pageOf(Number(thread.tls.tp))) {
    return { key: SHARED, rule: block && policy.carveOuts.includes('tcb') ? 'R6' : 'R10' };
  }
  if (!block) {
    // No block reaches the page: a TLS rule cannot have the last word about it, segments keep theirs.
    const foreign = region?.tag && TLS_RULES.includes(region.tag.rule);
    return foreign ? { key: SHARED, rule: null } : { key: now.key, rule: region?.tag?.rule ?? null };
  }
  const rule = carveOuts(policy, thread.tls, rounding).get(page);
  return rule ? { key: SHARED, rule } : { key: block.key as Key, rule: 'R4' };
}

/** The same place in another thread's TLS; the page itself where it belongs to no thread. */
function pageOfThread(site: FaultSite, thread: Thread): number | null {
  const owner = site.fieldOwner;
  if (!owner || owner === thread) return site.page;
  if (!thread.tls || !owner.tls) return null;
  if (site.class === 'stack-pointer slot') return thread.tls.slot ? pageOf(Number(thread.tls.slot)) : null;
  return site.field?.detached ? null : pageOf(site.address - Number(owner.tls.tp) + Number(thread.tls.tp));
}

/** For each preset: would the access of this fault be allowed, for the thread it is about and for all the others? */
export function underPolicies(
  world: World,
  site: FaultSite,
  access: { readonly rights: Pkru | null; readonly accessor: number | null; readonly write: boolean },
): readonly PolicyOutcome[] {
  const { space } = site;
  const subject = site.fieldOwner ?? site.thread;
  if (!space || !subject) return [];
  const opens = (key: Key): boolean =>
    access.rights === null
      ? key === 0 || key === access.accessor
      : access.write
        ? mayWrite(access.rights, key)
        : mayRead(access.rights, key);
  return presetNames.map((name) => {
    const policy = presets[name];
    const threads = world.threadsOf(space.pid).map((thread): ThreadOutcome => {
      const page = pageOfThread(site, thread);
      const predicted = page === null ? null : predict(policy, world, space, thread, page);
      const key = predicted?.key ?? null;
      const outcome = key === null ? 'unknown' : opens(key) ? 'allowed' : 'denied';
      return { tid: thread.tid, number: thread.number, outcome, rule: predicted?.rule ?? null };
    });
    const own = threads.find((thread) => thread.tid === subject.tid);
    return {
      policy: name,
      outcome: own?.outcome ?? 'unknown',
      rule: own?.rule ?? null,
      threads,
      leavesShared: sharedWords(policy),
    };
  });
}
