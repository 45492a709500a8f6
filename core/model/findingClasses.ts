/** The classes of findings in words: a class without them does not compile. */
import type { FindingClass } from '../contract/findingClasses.ts';

export interface ClassWords {
  /** What a person calls it. */
  readonly name: string;
  /** What it means and what follows from it, for a newcomer. */
  readonly meaning: string;
}

/** In the order in which they are explained: what concerns the program's memory first, Keyhole's own troubles last. */
export const findingWords: Readonly<Record<FindingClass | 'dropped', ClassWords>> = {
  'shared-page': {
    name: 'page of two owners',
    meaning: 'A page holds bytes of a compartment and of somebody else: one of them has to give way (rule R12).',
  },
  'key-lost': {
    name: 'key lost',
    meaning: 'A new mapping replaced pages that had a key: they carry key 0 now, and nobody said so.',
  },
  'late-tls': {
    name: 'late TLS',
    meaning:
      'Threads get this module’s thread-local block at its first use, so that no policy sees it: it has no key until the policy is applied again.',
  },
  'not-applied': {
    name: 'policy not applied',
    meaning: 'A step of the policy was left out, since nothing could be changed at that moment.',
  },
  'not-mapped': {
    name: 'pages not mapped',
    meaning: 'The plan names pages that are not there: they were left out of it.',
  },
  'policy-error': {
    name: 'no plan',
    meaning: 'The policy has no answer for a thread’s TLS, by the rule that is named: nothing was tagged there.',
  },
  'no-key': { name: 'no key free', meaning: 'The kernel did not give a key that a compartment needs.' },
  refused: {
    name: 'refused by the kernel',
    meaning: 'The kernel refused a change of protection that Keyhole asked for: these pages are not as the keys say.',
  },
  'not-emulated': {
    name: 'not emulated',
    meaning: 'The program did something that emulated keys cannot do as the CPU’s keys do; here they differ.',
  },
  'model-differs': {
    name: 'differs from the kernel',
    meaning: 'Keyhole’s picture of the memory was not the kernel’s own list; it follows the kernel from here on.',
  },
  'own-filter': {
    name: 'system call filter',
    meaning: 'The program has installed a filter of its own for system calls (seccomp).',
  },
  'killed-by-filter': {
    name: 'killed by a filter',
    meaning: 'A filter for system calls ended the program (SIGSYS), its own or Keyhole’s.',
  },
  'stub-kept': {
    name: 'Keyhole’s pages kept',
    meaning: 'The program asked to change pages that Keyhole works with; it was told that there is no memory.',
  },
  'module-unread': {
    name: 'module not read',
    meaning: 'The file of a module could not be read: its segments, TLS and symbols are unknown.',
  },
  'no-main': {
    name: 'main not found',
    meaning: 'The program’s main function was not found from its entry point: startup ends at the entry point.',
  },
  'no-stub': {
    name: 'no place for the stub',
    meaning: 'Keyhole’s little code could not be mapped into the program: keys and gates cannot be applied there.',
  },
  'not-run': { name: 'not run', meaning: 'A program of a kind that Keyhole cannot run was started; it was ended.' },
  'born-unseen': {
    name: 'birth not seen',
    meaning: 'A process was born while its parent was killed: nothing is known of it, so it was let go or ended.',
  },
  'given-up': {
    name: 'given up',
    meaning: 'Keys could not be enforced any more, so the program was ended rather than let run without them.',
  },
  'engine-error': { name: 'error of Keyhole', meaning: 'The engine failed; the log up to here stays right.' },
  dropped: { name: 'events lost', meaning: 'The log has a gap: so many events are not in it.' },
};

export type KnownFindingClass = keyof typeof findingWords;
export const knownFindingClasses = Object.keys(findingWords) as readonly KnownFindingClass[];

/** Words of a class; null for one of a newer Keyhole's recording. */
export const wordsOfFinding = (of: string): ClassWords | null =>
  Object.hasOwn(findingWords, of) ? findingWords[of as KnownFindingClass] : null;
