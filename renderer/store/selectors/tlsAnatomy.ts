import type { PlanStep, TlsFacts } from '../../../core/contract/details.ts';
import { type Key, PAGE } from '../../../core/contract/ids.ts';
import type { Policy } from '../../../core/contract/policies.ts';
import { predict } from '../../../core/model/policyOutcome.ts';
import { mayRead } from '../../../core/model/rights.ts';
import type { Space } from '../../../core/model/space.ts';
import { pageOf, pageUp, staticExtent, type TlsField, tlsFields } from '../../../core/model/tls.ts';
import type { Thread, World } from '../../../core/model/world.ts';
import { type PageFacts, pageFacts } from './pages.ts';

/** A page of a thread's TLS: as it is, and as a plan would have it. */
export interface TlsPage extends PageFacts {
  /** Bytes from the thread pointer to the page's start. */
  readonly offset: number;
  /** What the plan does with the page; null = no step touches it, undefined = there is no plan. */
  readonly planned: { readonly key: number; readonly rule: string; readonly what: string } | null | undefined;
  readonly holds: readonly string[];
}

/** A stretch of neighbouring pages: the one around the thread pointer, or a block reached through the DTV. */
export interface TlsStretch {
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly pages: readonly TlsPage[];
  readonly fields: readonly TlsField[];
}

export interface TlsAnatomy {
  readonly tp: number;
  readonly around: TlsStretch;
  readonly detached: readonly TlsStretch[];
}

/** A detached block can be long; the first pages tell its story. */
const MOST_PAGES = 8;

function pageOfTls(
  world: World,
  space: Space,
  tp: number,
  start: number,
  fields: readonly TlsField[],
  plan: Planned | null,
): TlsPage {
  const holds = fields.filter((field) => field.start < start + PAGE && field.end > start).map((field) => field.name);
  return {
    ...pageFacts(world, space, start),
    offset: start - tp,
    planned: plan === null ? undefined : plan(start),
    holds: [...new Set(holds)],
  };
}

/** What a plan does with the page at an address; null = no step of it touches the page. */
export type Planned = (page: number) => { readonly key: number; readonly rule: string; readonly what: string } | null;

/** The engine's own plan: it lists what would change. */
export const plannedBy =
  (steps: readonly PlanStep[]): Planned =>
  (page) => {
    const step = steps.findLast((each) => Number(each.start) <= page && page < Number(each.end));
    return step ? { key: step.key, rule: step.rule, what: step.what } : null;
  };

/** What the rules of a policy say where no engine can be asked: in the past, and in a saved session. */
export const predictedBy =
  (policy: Policy, world: World, space: Space, thread: Thread): Planned =>
  (page) => {
    const found = space.at(page) ? predict(policy, world, space, thread, page) : null;
    if (!found?.rule || found.key === null) return null;
    return { key: found.key, rule: found.rule, what: found.key === 0 ? 'left shared' : 'with its block' };
  };

/** The TLS of one thread; null while its facts are unknown. `plan` null = no plan can be had. */
export function tlsAnatomy(world: World, space: Space, thread: Thread, plan: Planned | null): TlsAnatomy | null {
  const { tls } = thread;
  if (!tls) return null;
  const tp = Number(tls.tp);
  const fields = tlsFields(tls);
  const extent = staticExtent(tls);
  const stretch = (title: string, start: number, end: number, of: readonly TlsField[]): TlsStretch => {
    const pages: TlsPage[] = [];
    for (let page = start; page < end; page += PAGE) pages.push(pageOfTls(world, space, tp, page, of, plan));
    return { title, start, end, pages, fields: of };
  };
  let start: number = pageOf(extent.start);
  let end: number = pageUp(extent.end);
  if (space.at(start - PAGE)) start -= PAGE;
  if (space.at(end)) end += PAGE;
  const detached = tls.blocks
    .filter((block) => !block.static)
    .map((block) => {
      const from: number = pageOf(Number(block.start));
      const to = Math.min(pageUp(Number(block.start) + block.memsz), from + MOST_PAGES * PAGE);
      const inside = fields.filter((field) => field.detached && field.start < to && field.end > from);
      return stretch(`${block.module}, by the DTV`, from, to, inside);
    });
  const near = fields.filter((field) => !field.detached);
  return { tp, around: stretch('around the thread pointer', start, end, near), detached };
}

/** One link on the way from the thread pointer to a dynamic thread-local. */
export interface ChainLink {
  readonly name: string;
  readonly addr: number | null;
  readonly key: Key | null;
  /** Whether the thread's rights open the page; null = unknown. */
  readonly readable: boolean | null;
}

/** TP → TCB → DTV → each block away from TP: the ways that `__tls_get_addr` takes, each link with its key. */
export function tlsChain(space: Space, thread: Thread, tls: TlsFacts): readonly ChainLink[] {
  const rights = thread.rights === 'unknown' ? null : thread.rights;
  const link = (name: string, addr: number | null): ChainLink => {
    const key = addr === null ? null : (space.at(addr)?.key ?? null);
    return { name, addr, key, readable: key === null || rights === null ? null : mayRead(rights, key) };
  };
  const dynamic = tls.blocks.filter((block) => !block.static);
  const chain = [link('TCB, %fs:0x8', Number(tls.tp) + 8), link('DTV', tls.dtv === null ? null : Number(tls.dtv))];
  return [...chain, ...dynamic.map((block) => link(`block of ${block.module}`, Number(block.start)))];
}
