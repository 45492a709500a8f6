/** What one policy leaves shared that another would not, thread by thread: did a wider carve-out weaken isolation? */
import type { Rule } from '../contract/events.ts';
import { PAGE, type Tid } from '../contract/ids.ts';
import type { Policy } from '../contract/policies.ts';
import { predict } from './policyOutcome.ts';
import type { Space } from './space.ts';
import { pageOf, pageUp, staticExtent, tlsFields } from './tls.ts';
import type { Thread, World } from './world.ts';

export interface SharedPage {
  readonly page: number;
  readonly rule: Rule | null;
  /** What lives there and becomes everybody's. */
  readonly holds: readonly string[];
}

export interface SharedByThread {
  readonly tid: Tid;
  readonly number: number;
  /** Null: the thread's TLS is not known. */
  readonly pages: readonly SharedPage[] | null;
}

/** A block may be as long as a program likes; carve-outs lie near its ends. */
const MOST_PAGES = 256;

function pagesOf(thread: Thread): readonly number[] {
  const { tls } = thread;
  if (!tls) return [];
  const pages = new Set<number>();
  const add = (start: number, end: number): void => {
    const to = Math.min(pageUp(end), pageOf(start) + MOST_PAGES * PAGE);
    for (let page: number = pageOf(start); page < to; page += PAGE) pages.add(page);
  };
  const { start, end } = staticExtent(tls);
  add(start, end);
  for (const block of tls.blocks) add(Number(block.start), Number(block.start) + block.memsz);
  if (tls.dtv) add(Number(tls.dtv), Number(tls.dtv) + 1);
  return [...pages].sort((a, b) => a - b);
}

/** The pages of each thread's TLS that `policy` shares and `base` keeps private, by the rules of both. */
export function newlyShared(world: World, space: Space, policy: Policy, base: Policy): readonly SharedByThread[] {
  return world
    .threadsOf(space.pid)
    .filter((thread) => thread.state !== 'exited')
    .map((thread) => {
      const { tls } = thread;
      if (!tls) return { tid: thread.tid, number: thread.number, pages: null };
      const pages = pagesOf(thread).flatMap((page): SharedPage[] => {
        if (!space.at(page)) return [];
        const now = predict(policy, world, space, thread, page);
        const then = predict(base, world, space, thread, page);
        if (now?.key !== 0 || !then || then.key === null || then.key === 0) return [];
        const inside = tlsFields(tls).filter((field) => field.start < page + PAGE && field.end > page);
        return [{ page, rule: now.rule, holds: [...new Set(inside.map((field) => field.name))] }];
      });
      return { tid: thread.tid, number: thread.number, pages };
    });
}
