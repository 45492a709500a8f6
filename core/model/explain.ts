/** A fault in words: one sentence, then the facts behind it. Whatever is not known is called unknown. */
import type { FaultFacts } from '../contract/details.ts';
import { type Addr, asKey, asPkru, type EventIndex, hex, type Key } from '../contract/ids.ts';
import type { PresetName } from '../contract/policies.ts';
import type { EventLog, EventRow } from './eventLog.ts';
import { type FaultClass, faultMeaning } from './faultClasses.ts';
import { type FaultSite, faultSite } from './faultSite.ts';
import { isPolicyRule, type KeyChange, keyHistory, policyBefore, tagWords } from './keyHistory.ts';
import { labelsOf } from './labels.ts';
import { compartmentName, keyWords, protWords, shortModule, timeWords } from './names.ts';
import { isOfProgram, type PolicyOutcome, underPolicies } from './policyOutcome.ts';
import { compartmentOf, rightsWords } from './rights.ts';
import type { Region } from './space.ts';
import { fsOffset } from './tls.ts';
import type { World } from './world.ts';

/** A compartment as a party to an access; `name` null = no compartment has this key. */
export interface Party {
  readonly key: Key;
  readonly name: string | null;
}

export interface Fix {
  readonly policy: PresetName | null;
  readonly rule: string | null;
  readonly text: string;
}

export interface Explanation {
  readonly event: EventIndex;
  readonly class: FaultClass;
  /** What the class means, for a newcomer. */
  readonly meaning: string;
  readonly sentence: string;
  readonly site: FaultSite;
  /** What the page is called: `TCB page of T1`, `.data of libc`, …; `unknown` where nothing names it. */
  readonly page: { readonly start: Addr; readonly region: Region | null; readonly title: string };
  /** Whose page: null = unknown. */
  readonly owner: Party | null;
  /** Who acted: null = its rights name no compartment. */
  readonly accessor: Party | null;
  readonly keyHistory: readonly KeyChange[];
  readonly policies: readonly PolicyOutcome[];
  readonly fix: Fix | null;
  readonly facts: FaultFacts;
}

/** The part of an explanation that costs little: what a list of faults shows. */
export interface FaultWords extends Pick<Explanation, 'class' | 'sentence' | 'site' | 'owner' | 'accessor' | 'facts'> {
  readonly event: EventIndex;
}

/** Class, sentence and parties of the fault at `event`. `world` must be the one at that row. Throws when it is no fault. */
export function faultWords(log: EventLog, world: World, event: number): FaultWords {
  const row = log.at(event);
  const facts = log.needFacts(event, 'fault');
  const site = faultSite(world, row, facts);
  // Known rights that name no compartment name none; the last gate counts only where rights were never read.
  const byRights = facts.rights === null ? (site.thread?.compartment ?? null) : compartmentOf(rightsOf(facts));
  const accessorKey = facts.accessor ?? byRights;
  const ownerKey = facts.key ?? site.region?.key ?? facts.region?.key ?? null;
  const party = (key: number | null): Party | null =>
    key === null ? null : { key: asKey(key), name: compartmentName(world.session, key) };
  const accessor = party(accessorKey);
  const owner = party(ownerKey);
  return {
    event: row.index,
    class: site.class,
    sentence: sentence(log, world, row, facts, site, accessor, owner),
    site,
    owner,
    accessor,
    facts,
  };
}

/** Explains the fault at `event` in full. `world` must be the one at that row. Throws when the row is no fault. */
export function explainFault(log: EventLog, world: World, event: number): Explanation {
  const words = faultWords(log, world, event);
  const { site, facts } = words;
  const access = {
    rights: rightsOf(facts),
    accessor: words.accessor?.key ?? null,
    write: facts.access === 'write',
  };
  const policies = facts.outcome === 'plain' ? [] : underPolicies(world, site, access);
  return {
    ...words,
    meaning: faultMeaning[site.class],
    page: { start: site.page, region: site.region, title: pageTitle(world, site) },
    keyHistory: keyHistory(log, log.at(event).pid, site.page, event),
    policies,
    fix: fixOf(facts, site, policies, world.policy?.name ?? null),
  };
}

const rightsOf = (facts: FaultFacts) => (facts.rights === null ? null : asPkru(facts.rights));

function sentence(
  log: EventLog,
  world: World,
  row: EventRow,
  facts: FaultFacts,
  site: FaultSite,
  accessor: Party | null,
  owner: Party | null,
): string {
  const who = actor(world, row, facts, site, accessor);
  const what = target(site);
  if (site.class === 'unmapped')
    return `${who}, ${verb(facts)} ${hex(site.address)}, where nothing is mapped; no key is involved`;
  if (site.class === 'plain segfault') {
    const prot = protWords(site.region?.prot ?? facts.region?.prot ?? null);
    return `${who}, ${verb(facts)} ${what}; the page ${hex(site.page)} is ${prot}, no key is involved`;
  }
  const page = `the page ${hex(site.page)} has ${keyWords(world.session, owner?.key ?? null)}, ${tagged(log, site)}`;
  if (site.class === 'kernel rseq kill') {
    return `${who}, was killed by the kernel, which may not write its rseq area${offsetWords(site)}; ${page}`;
  }
  return `${who}, ${verb(facts)} ${what}; ${page}`;
}

/** `thread 2, running libdav1d (compartment 2 "decoder")`. */
function actor(world: World, row: EventRow, facts: FaultFacts, site: FaultSite, accessor: Party | null): string {
  const number = site.thread
    ? `thread ${site.thread.number}`
    : row.tid === null
      ? 'an unknown thread'
      : `thread ${row.tid}`;
  const pid = site.thread?.pid ?? row.pid;
  const process = world.mainPid !== null && pid !== world.mainPid ? ` of process ${pid}` : '';
  const { module } = facts.instruction;
  const code = module === null ? 'code of no known module' : shortModule(module);
  const name = accessor?.name ? ` "${accessor.name}"` : '';
  const as = accessor
    ? accessor.key === 0
      ? 'shared rights'
      : `compartment ${accessor.key}${name}`
    : facts.rights === null
      ? 'rights unknown'
      : `rights of no compartment, ${rightsWords(rightsOf(facts))}`;
  return `${number}${process}, running ${code} (${as})`;
}

const VERBS = { read: 'read', write: 'wrote', execute: 'executed', unknown: 'touched' } as const;
const verb = (facts: FaultFacts): string => VERBS[facts.access];

const offsetWords = (site: FaultSite): string => (site.offset === null ? '' : ` at ${fsOffset(site.offset)}`);

/** The object of the sentence. */
function target(site: FaultSite): string {
  const { field, fieldOwner, thread, label } = site;
  if (field) {
    const name = `the ${field.name}`;
    if (fieldOwner && fieldOwner !== thread) return `${name} of thread ${fieldOwner.number} at ${hex(site.address)}`;
    return site.offset === null ? `${name} at ${hex(site.address)}` : `${name}${offsetWords(site)}`;
  }
  const at = `at ${hex(site.address)}`;
  if (!label || label.kind === 'unmapped') return `memory ${at}`;
  if (site.class === 'loader data')
    return label.module ? `the loader’s ${label.text} ${at}` : `the loader’s data ${at}`;
  if (label.kind === 'file') return `the mapped file ${label.owner} ${at}`;
  if (label.kind === 'heap') return `the heap ${at}`;
  if (site.class === 'stack') return label.owner ? `the stack of ${label.owner} ${at}` : `a stack ${at}`;
  return label.owner ? `${label.text} of ${label.owner} ${at}` : `${label.text} ${at}`;
}

/** How the page came to its key. */
function tagged(log: EventLog, site: FaultSite): string {
  const tag = site.region?.tag;
  if (tag) {
    const policy = isPolicyRule(tag.rule) ? policyBefore(log, tag.event) : null;
    return `${tagWords({ ...tag, policy })} at ${timeWords(tag.time)}`;
  }
  if (!site.region) return 'tagged by an unknown step';
  if (site.region.key === 0) return 'never tagged';
  const mapping = log.facts(site.region.mapped, 'map');
  const when = `at ${timeWords(log.time(site.region.mapped))}`;
  if (mapping?.from !== undefined) return `moved there with its key ${when}`;
  return mapping?.flags?.includes('grown') ? `which the stack that grew there has, seen ${when}` : 'never tagged';
}

function pageTitle(world: World, site: FaultSite): string {
  const notes = site.space ? labelsOf(world, site.space).notes(site.page) : [];
  const first =
    notes.find((note) => note.startsWith('TCB page')) ?? notes.find((note) => !note.startsWith('TLS block'));
  if (first) return first;
  if (notes[0]) return notes[0];
  const { label } = site;
  if (!label || label.kind === 'unmapped')
    return site.region ? 'memory' : site.class === 'unmapped' ? 'not mapped' : 'unknown';
  return label.owner ? `${label.text} of ${label.owner}` : label.text;
}

/** The preset that would let the access through: the default one if it does, else the narrowest. */
function fixOf(
  facts: FaultFacts,
  site: FaultSite,
  policies: readonly PolicyOutcome[],
  inForce: string | null,
): Fix | null {
  if (facts.outcome === 'plain') return null;
  const order: readonly PresetName[] = ['split', 'slot-only', 'startup-tcb', 'tcb-dtv', 'neighbourhood'];
  // A policy in force that should have allowed the access shows that no rule decides about this page.
  const ruled = policies.every(({ policy, outcome }) => policy !== inForce || outcome !== 'allowed');
  const found = order
    .flatMap((name) => policies.find(({ policy }) => policy === name) ?? [])
    .find(
      ({ policy, outcome, threads }) =>
        ruled &&
        policy !== inForce &&
        outcome === 'allowed' &&
        // A page that each thread has must be allowed for all of them, or the next thread dies of the same.
        (site.fieldOwner === null || threads.every((thread) => thread.outcome !== 'denied')),
    );
  if (found) {
    const by = found.rule ? ` by rule ${found.rule}` : '';
    return { policy: found.policy, rule: found.rule, text: `${found.policy} shares this page${by}` };
  }
  if (facts.outcome === 'rseq') {
    return {
      policy: null,
      rule: null,
      text: 'no preset shares this page; a carve-out "rseq", or rseq "off" in the launch file, would',
    };
  }
  if (isOfProgram(site.region)) {
    return { policy: null, rule: null, text: 'no preset changes this page: the program gave it its key itself' };
  }
  return {
    policy: null,
    rule: null,
    text: 'no preset shares this page; tag it with key 0 by hand, or open its key to the accessor',
  };
}
