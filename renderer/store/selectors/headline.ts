import type { Explanation, Party } from '../../../core/model/explain.ts';

/** A fault in one sentence, with the places where a key mark stands beside a name. */
export type HeadlinePart = string | { readonly key: number; readonly name: string };

const verbs = { read: 'read', write: 'wrote', execute: 'executed', unknown: 'touched' } as const;

const party = (who: Party): HeadlinePart => ({ key: who.key, name: who.name ?? `key ${who.key}` });

function accessorPart({ accessor, site }: Explanation): HeadlinePart {
  if (accessor) return accessor.key === 0 ? `T${site.thread?.number ?? '?'} with shared rights` : party(accessor);
  return site.thread ? `T${site.thread.number}` : 'A thread';
}

/** `the stack-protector canary`, `the heap`, `.data of libc`. */
function objectWords({ site, page }: Explanation): string {
  if (site.field) return `the ${site.field.name}`;
  if (site.label?.kind === 'heap') return 'the heap';
  return page.title === 'memory' || page.title === 'not mapped' ? 'memory' : page.title;
}

/** The sentence a newcomer reads first: who did what to whose page. */
export function headline(explanation: Explanation): readonly HeadlinePart[] {
  const { facts, owner } = explanation;
  const object = objectWords(explanation);
  if (facts.outcome === 'rseq') {
    const where = owner && owner.key !== 0 ? ['on a page private to ', party(owner), '.'] : ['on a denied page.'];
    return ['The kernel killed ', accessorPart(explanation), ` over the rseq area `, ...where];
  }
  const start: HeadlinePart[] = [accessorPart(explanation), ` ${verbs[facts.access]} ${object}`];
  if (facts.outcome === 'plain') return [...start, '. No key is involved.'];
  if (!owner) return [...start, ' on a page whose key is unknown.'];
  return owner.key === 0 ? [...start, ' on a shared page.'] : [...start, ' on a page private to ', party(owner), '.'];
}

/** `Denied read`, `Killed over rseq`, `Segmentation fault`. */
export function faultTitle({ facts }: Explanation): string {
  if (facts.outcome === 'rseq') return 'Killed over rseq';
  if (facts.outcome === 'plain') return 'Segmentation fault';
  return `Denied ${facts.access === 'unknown' ? 'access' : facts.access}`;
}

/** `si_code` of a denied access (asm-generic/siginfo.h). */
const SEGV_PKUERR = 4;

/** What the kernel said: `SEGV_PKUERR, si_pkey 1`. No other code comes with a key. */
export function siCodeWords({ facts }: Explanation): string {
  const name = { 1: 'SEGV_MAPERR', 2: 'SEGV_ACCERR', [SEGV_PKUERR]: 'SEGV_PKUERR', 128: 'SI_KERNEL' }[facts.siCode];
  return `${name ?? `si_code ${facts.siCode}`}${facts.siCode === SEGV_PKUERR && facts.key !== null ? `, si_pkey ${facts.key}` : ''}`;
}
