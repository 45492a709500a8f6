/** Every known difference between a recording on emulated keys and one on real keys, other than what nothing compares. */
import type { Limit } from './compare.ts';

export const limits: readonly Limit[] = [
  {
    id: 'kernel-mremap',
    reason:
      'Linux moves several mappings in one mremap from 6.17 on, the guest\u2019s 6.1 refuses: a difference of kernels, not of keys.',
    lines: /memory|fault/,
    programs: ['mremap_many'],
    fromLinux: '6.17',
  },
  {
    id: 'not-emulated',
    reason: 'The finding that says what emulated keys cannot do; real keys can.',
    lines: /emulated: finding not-emulated /,
    programs: ['not_emulated', 'code_fetch'],
  },
  {
    id: 'execute-only',
    reason:
      'Real keys give pages that may only be executed a key of the kernel\u2019s choice; emulated keys cannot deny reading them.',
    lines: /real: tag .* kernel |: protect /,
    programs: ['execute_only'],
  },
  {
    id: 'rseq-place',
    reason: 'A denied rseq area kills at the next preemption: each emulated change of rights is one.',
    lines: /fault rseq /,
    programs: ['rseq_denied'],
  },
  {
    id: 'unmasked-wait',
    reason:
      'A SIGSEGV, SIGILL or SIGTRAP that only the own mask of a wait lets in comes after the wait on emulated keys; a finding says so.',
    lines: /emulated: finding not-emulated |signal SIG(ALRM|SEGV) |order differs/,
    programs: ['unmasked_wait'],
  },
];
