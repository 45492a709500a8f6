/**
 * The event log: one row per event in fixed columns, plus a table of details (JSON) that rows point into.
 * The order of every list here is the wire format: append only. The engine publishes its own lists through
 * `names()` and a test holds the two together.
 */

export const eventKinds = [
  'session', // first row: what was launched and how; detail SessionFacts
  'process-birth', // detail ProcessFacts; a fork copies the parent's regions
  'process-exit', // detail ExitFacts
  'exec', // the address space `pid` starts empty; detail { path }
  'thread-birth', // detail ThreadFacts
  'thread-exit',
  'module-load', // range = whole module; detail ModuleFacts
  'module-unload',
  'tls', // a thread's TLS anatomy; detail TlsFacts
  'map', // range becomes protAfter/keyAfter; detail MapFacts
  'unmap',
  'protect', // range gets protAfter (the program's view)
  'tag', // range gets keyAfter and protAfter; rule says why
  'key-alloc', // keyAfter
  'key-free', // keyBefore
  'rights', // the thread's rights changed to `rights`
  'crossing', // a virtual gate: keyBefore -> keyAfter, site -> start
  'fault', // detail FaultFacts
  'signal', // delivered to the program; detail SignalFacts
  'policy', // a policy step begins; its tags follow; detail PolicyFacts
  'finding', // detail FindingFacts
  'mark', // detail { text }: entry, main, init-end, what was done by hand and changed nothing
  'hold', // the scheduler holds this thread (another regime runs)
  'release',
  'stop', // the session is paused; detail { why }
  'resume',
  'verdict', // tracer policy; rule T1..T6; detail VerdictFacts
  'output', // detail { stream, text }
  'thread-name', // the thread has given itself a name; detail { name }
  'detach', // Keyhole has let go of an attached process, which runs on; detail DetachFacts
  'pause-on', // which events pause the program from now on; detail PauseFacts
  'stand', // where a thread stands while the program is stopped; no act of its own; detail StandFacts
] as const;
export type EventKind = (typeof eventKinds)[number];

/** Who made it happen. `assumed`: Keyhole reconstructed it and did not see it happen. */
export const causes = ['program', 'kernel', 'policy', 'user', 'scheduler', 'assumed'] as const;
export type Cause = (typeof causes)[number];

export const rules = [
  'none',
  'R4',
  'R5',
  'R6',
  'R10',
  'A2',
  'S1',
  'S2',
  'dtv',
  'below-tcb',
  'rseq',
  'pthread',
  'symbol',
  'T1',
  'T2',
  'T3',
  'T4',
  'T5',
  'T6',
  'undo',
  'manual',
] as const;
export type Rule = (typeof rules)[number];

/** Column names in wire order with their element types. */
export const eventColumns = {
  time: Float64Array, // ns of program time since launch; session stops take no time
  start: Float64Array, // range or point; 0 where the kind has none
  end: Float64Array,
  site: Float64Array, // instruction that caused it; 0 = unknown
  pid: Uint32Array, // address space the row is about
  tid: Uint32Array, // acting thread; 0 = none
  rights: Uint32Array, // PKRU of `tid` after the event; valid only with flag rightsKnown
  detail: Uint32Array, // 1-based index into the details; 0 = none
  result: Int32Array, // 0 or -errno
  keyBefore: Int8Array, // -1 = unknown or does not apply
  keyAfter: Int8Array,
  kind: Uint8Array,
  protBefore: Uint8Array, // bit 0 read, 1 write, 2 execute; 255 = unknown or does not apply
  protAfter: Uint8Array,
  cause: Uint8Array,
  rule: Uint8Array,
  flags: Uint8Array,
} as const;
export type ColumnName = keyof typeof eventColumns;
export type Columns = { readonly [N in ColumnName]: InstanceType<(typeof eventColumns)[N]> };

export const columnNames = Object.keys(eventColumns) as readonly ColumnName[];

export const flagBits = { rightsKnown: 1, failed: 2 } as const;
export const UNKNOWN_KEY = -1;
export const UNKNOWN_PROT = 255;

/** A run of consecutive rows. `firstDetail` is the 1-based number of `details[0]` in the whole log. */
export interface EventBatch {
  readonly count: number;
  readonly columns: Columns;
  readonly firstDetail: number;
  readonly details: readonly string[];
}
