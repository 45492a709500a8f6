/** What each target program with keys of its own must make Keyhole record. The same facts hold on real keys. */
import type { ExitFacts } from '../../core/contract/details.ts';
import type { EventKind } from '../../core/contract/events.ts';
import type { LaunchFile } from '../../core/contract/launch.ts';

export const INIT = 0x55555554;
/** Keys 0 and `k` open. */
export const only = (k: number): number => ~((3 << (2 * k)) | 3) >>> 0;
const SEGV_BY_KEY: ExitFacts = { signal: 'SIGSEGV', siCode: 4 };

/** A denied access: at the address the program printed as `at`, plus `offset`. */
export interface Denied {
  readonly at: string;
  readonly offset?: number;
  readonly key: number;
  readonly rights: number;
}

/** Pages the program tagged by pkey_mprotect. */
export interface Tagged {
  readonly at: string;
  /** Offset of the first page from the printed address' page. */
  readonly offset?: number;
  readonly pages: number;
  readonly key: number;
}

export interface Case {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: exit code 0 and `ok` as its last word. */
  readonly exit?: ExitFacts;
  /** Every denied access, in order. */
  readonly denied?: readonly Denied[];
  /** Addresses of ordinary bad accesses, in order. */
  readonly plain?: readonly (Omit<Denied, 'key' | 'rights'> | number)[];
  readonly tagged?: readonly Tagged[];
  readonly threads?: number;
  /** Exact numbers of events of a kind. */
  readonly events?: Partial<Record<EventKind, number>>;
  readonly atLeast?: Partial<Record<EventKind, number>>;
  readonly says?: readonly string[];
}

/** How a case is run; `programs` is the folder of the built targets. */
export const launchOf = ({ name, args = [], env = {} }: Case, programs: string): LaunchFile => ({
  ...{ program: `${programs}/${name}`, args: [...args], env, policy: 'observe' },
});

const page = (key: number, rights: number, offset = 0): Denied => ({ at: 'page', offset, key, rights });

export const cases: readonly Case[] = [
  { name: 'odd_name', threads: 2 },
  { name: 'counts_signals', threads: 2 },
  { name: 'alloc_keys', events: { 'key-alloc': 4, 'key-free': 1 }, says: ['rights=0x55555540'] },
  { name: 'key_exhaustion', events: { 'key-alloc': 16, 'key-free': 1 } },
  { name: 'key_reuse', denied: [page(1, INIT)], tagged: [{ at: 'page', pages: 1, key: 1 }] },
  {
    name: 'tag_and_read',
    denied: [
      { at: 'used', key: 1, rights: INIT },
      { at: 'untouched', key: 1, rights: INIT },
    ],
    tagged: [{ at: 'used', pages: 2, key: 1 }],
  },
  { name: 'write_disable', denied: [page(1, 0x55555558, 8), page(1, INIT)] },
  { name: 'dies_of_key', exit: SEGV_BY_KEY, denied: [page(1, INIT)], tagged: [{ at: 'page', pages: 1, key: 1 }] },
  { name: 'wrpkru_round_trip' },
  { name: 'wrpkru_again', threads: 5, plain: [0], events: { 'process-birth': 2 } },
  { name: 'wrpkru_bad_registers', plain: [0, 0, 0] },
  { name: 'two_threads_mutex', threads: 3 },
  { name: 'takes_turns', threads: 4 },
  { name: 'waits_on_tagged_words', threads: 3 },
  { name: 'thread_inherits_rights', threads: 3 },
  { name: 'many_threads', threads: 16, denied: [page(15, only(1))] },
  {
    name: 'fork_keys',
    threads: 2,
    denied: [page(1, only(2)), page(1, only(2))],
    tagged: [
      { at: 'page', pages: 1, key: 1 },
      { at: 'page', pages: 1, key: 2 },
    ],
    events: { 'process-birth': 2, 'process-exit': 2 },
  },
  {
    name: 'fork_without',
    threads: 2,
    denied: [page(1, only(2)), page(1, only(2)), page(1, only(2))],
    plain: [
      { at: 'page', offset: 0x1000 },
      { at: 'page', offset: 0x1000 },
      { at: 'page', offset: 0x1000 },
    ],
    events: { 'process-birth': 2, 'process-exit': 2 },
  },
  { name: 'waits_for_anyone', threads: 10, events: { 'process-birth': 9, 'process-exit': 9 } },
  { name: 'vfork_exec', threads: 2, denied: [page(1, only(2))], events: { 'process-birth': 2, 'process-exit': 2 } },
  { name: 'exec_self', events: { 'process-exit': 1, 'key-alloc': 2 } },
  { name: 'exec_from_thread', threads: 2, events: { 'process-exit': 1, 'key-alloc': 2 } },
  { name: 'signal_in_compartment', events: { signal: 3 } },
  { name: 'signal_nested', events: { signal: 2 } },
  { name: 'alternate_stack', denied: [page(1, INIT)] },
  { name: 'mmap_over_tagged', denied: [page(1, INIT, 0x1000), page(1, INIT), page(1, INIT, 0x2000)] },
  {
    name: 'mremap_tagged',
    denied: [
      { at: 'new', key: 1, rights: only(2) },
      { at: 'new', offset: 0x1000, key: 1, rights: only(2) },
    ],
    plain: [{ at: 'old' }],
  },
  { name: 'mremap_many', denied: [page(1, only(2))] },
  { name: 'aio_ring' },
  { name: 'munmap_tagged', denied: [page(1, INIT, 0x2000)], plain: [{ at: 'page', offset: 0x1000 }] },
  { name: 'mprotect_tagged', denied: [page(1, only(2)), page(1, only(2))], plain: [{ at: 'page' }] },
  { name: 'protection_and_key', denied: [page(1, only(2)), page(1, only(2))], plain: [{ at: 'page' }] },
  {
    name: 'key_before_protection',
    denied: [page(1, 0x55555558), page(1, 0x55555558, 0x1000)],
    plain: [{ at: 'page' }, { at: 'page' }],
  },
  { name: 'protect_among_threads', denied: [], threads: 4 },
  { name: 'handler_mask', denied: [page(1, INIT)], threads: 2 },
  { name: 'madvise_tagged', denied: [page(1, only(2))] },
  { name: 'denied_buffer', denied: [] },
  { name: 'pkey_errors', denied: [page(1, INIT, 0xfff)], tagged: [{ at: 'page', pages: 1, key: 1 }] },
  { name: 'blocked_read', threads: 2, denied: [page(1, only(2))] },
  { name: 'timeouts', threads: 2 },
  { name: 'blocked_sigsegv', denied: [] },
  { name: 'blocked_fault', exit: SEGV_BY_KEY, denied: [page(1, INIT)] },
  { name: 'sleeps', threads: 2 },
  { name: 'suspended', threads: 2, events: { signal: 60 } },
  { name: 'masked_waits', threads: 2, events: { signal: 40 } },
  { name: 'unmasked_wait', threads: 2 },
  { name: 'exit_words', threads: 3 },
  { name: 'not_emulated' },
  { name: 'blocked_sent', events: { signal: 3 } },
  { name: 'blocked_waited', threads: 2 },
  { name: 'blocked_elsewhere', threads: 2, events: { signal: 2 } },
  { name: 'fault_in_handler', exit: SEGV_BY_KEY, denied: [page(1, INIT), page(1, INIT)] },
  { name: 'mask_call_fails', denied: [] },
  { name: 'handler_masks', events: { signal: 1 } },
  { name: 'handler_left', events: { signal: 3002 } },
  { name: 'handler_stacks', events: { signal: 3 } },
  { name: 'exec_mask', threads: 2, events: { signal: 1 } },
  {
    name: 'rseq_denied',
    threads: 4,
    denied: [{ at: 'area', key: 1, rights: only(2) }],
    events: { 'process-birth': 2 },
  },
  { name: 'own_sigill', events: { signal: 1 } },
  { name: 'plain_segv', exit: { signal: 'SIGSEGV', siCode: 1 }, plain: [0x1230] },
  {
    name: 'brk_heap',
    denied: [page(1, INIT), page(1, INIT, 0x1000)],
    plain: [{ at: 'page', offset: 0x1000 }],
    tagged: [{ at: 'page', pages: 2, key: 1 }],
  },
  { name: 'stack_growth', denied: [] },
  {
    name: 'stack_tagged',
    denied: [
      { at: 'grown', offset: -0x2000, key: 1, rights: INIT },
      { at: 'stack', offset: -0x1000, key: 1, rights: INIT },
      { at: 'stack', offset: -0x4000, key: 1, rights: INIT },
    ],
  },
  { name: 'code_fetch', denied: [] },
  { name: 'execute_only', threads: 2, events: { 'process-birth': 2 } },
  { name: 'static_program', denied: [page(1, INIT)], tagged: [{ at: 'page', pages: 1, key: 1 }] },
  { name: 'dies_at_once', exit: { signal: 'SIGILL', siCode: 2 } },
  { name: 'exits_at_once', exit: { code: 5 } },
  {
    name: 'exit_code',
    args: ['two words', ''],
    env: { TARGET_WORD: 'a=b' },
    exit: { code: 42 },
    says: ['to stdout', 'to stderr'],
  },
  { name: 'handler_repairs', denied: [page(1, INIT)] },
  { name: 'stop_and_continue', threads: 2 },
  { name: 'first_thread_leaves', threads: 2, exit: { code: 7 }, says: ['ok'] },
  { name: 'exit_among_threads', threads: 3, exit: { code: 9 }, says: ['ok'] },
  { name: 'timer_signals', atLeast: { signal: 50 } },
  { name: 'fork_in_thread', threads: 3, events: { 'process-birth': 2, 'process-exit': 2 } },
  { name: 'many_ranges', denied: [page(1, only(2), 99 * 0x1000), page(3, only(2), 101 * 0x1000)] },
  { name: 'thread_churn', threads: 41 },
  { name: 'own_place', threads: 3, events: { 'process-birth': 2, 'process-exit': 2 } },
  { name: 'aborts', exit: { signal: 'SIGABRT', siCode: -6 } },
  { name: 'killed', exit: { signal: 'SIGTERM', siCode: -6 } },
];
