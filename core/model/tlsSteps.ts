/** Which steps of a policy reached the TLS of each thread, place by place: what one thread has and another lacks. */
import type { Rule } from '../contract/events.ts';
import type { Key } from '../contract/ids.ts';
import { isPolicyRule } from './keyHistory.ts';
import type { LastTag, Space } from './space.ts';
import { pageOf } from './tls.ts';
import type { Thread } from './world.ts';

/** A place of a thread's TLS, by the page that holds its first byte. */
export interface PlaceState {
  readonly page: number;
  /** Bytes from the thread pointer to the place. */
  readonly offset: number;
  readonly key: Key | null;
  readonly tag: LastTag | null;
}

/** One place in every thread; null where a thread has no such place (any more), or its TLS is not known. */
export interface PlaceRow {
  readonly name: string;
  readonly of: readonly (PlaceState | null)[];
  /** Threads (by position) that no policy step reached here, and that lack the key which it gave the same place of another. */
  readonly missing: readonly number[];
}

/** What the plan of a policy may tag in a thread's TLS, named alike in all threads. */
function placesOf({ tls }: Thread): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  if (!tls) return places;
  for (const block of tls.blocks) places.set(`TLS block of ${block.module}`, Number(block.start));
  if (tls.slot) places.set('stack-pointer slot', Number(tls.slot));
  places.set('TCB', Number(tls.tp));
  if (tls.dtv) places.set('DTV', Number(tls.dtv));
  if (tls.rseq) places.set('rseq area', Number(tls.rseq.start));
  return places;
}

/** Places that have a rule of their own; whatever else covers them is about a neighbour on the same page. */
const ownRules: Readonly<Record<string, Rule>> = { DTV: 'dtv', 'rseq area': 'rseq' };

/** The rule of a policy that reached a place; null = none did. */
function reachedBy(name: string, state: PlaceState | null): Rule | null {
  const rule = state?.tag?.rule;
  if (rule === undefined || !isPolicyRule(rule)) return null;
  return (ownRules[name] ?? rule) === rule ? rule : null;
}

/** The places of all threads side by side, in the order in which the first thread that has them lists them. */
export function tlsSteps(space: Space, threads: readonly Thread[]): readonly PlaceRow[] {
  const places = threads.map(placesOf);
  const names = new Set(places.flatMap((each) => [...each.keys()]));
  return [...names].map((name) => {
    const of = threads.map((thread, i): PlaceState | null => {
      const at = places[i]?.get(name);
      if (at === undefined || thread.state === 'exited') return null;
      // Whoever joins a thread may unmap its stack before its end is told.
      const region = space.at(at);
      if (!region) return null;
      const offset = at - Number(thread.tls?.tp ?? at);
      return { page: pageOf(at), offset, key: region.key, tag: region.tag };
    });
    const rules = of.map((state) => reachedBy(name, state));
    // R10 is for the first thread alone: its lack says nothing of another.
    const planned = rules.some((rule) => rule !== null && rule !== 'R10');
    // A page that is cut out of a range before it is tagged needs no step to stay shared (R9).
    const given = new Set(of.flatMap((state, i) => (state && rules[i] !== null ? [state.key] : [])));
    const missing = planned
      ? of.flatMap((state, i) => (state && rules[i] === null && !given.has(state.key) ? i : []))
      : [];
    return { name, of, missing };
  });
}
