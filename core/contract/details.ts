/**
 * What a row's detail holds, by kind. Addresses are `0x…` strings. Written by the engine, parsed here with zod
 * so that a damaged snapshot is answered by an error that names the field.
 */
import { z } from 'zod';
import { pauseRule } from './pause.ts';

const addr = z.string().regex(/^0x[0-9a-f]+$/);
const range = z.object({ start: addr, end: addr });
const key = z.int().min(0).max(15);

export const sessionFacts = z.object({
  program: z.string(),
  args: z.array(z.string()),
  keys: z.enum(['hardware', 'emulated', 'none']),
  gates: z.enum(['program', 'virtual']),
  policy: z.string(),
  rounding: z.enum(['padded', 'outward']),
  rseq: z.enum(['keep', 'off']),
  onFault: z.string(),
  tracerPolicy: z.string(),
  compartments: z.array(z.object({ key, name: z.string(), modules: z.array(z.string()) })),
  kernel: z.string(),
  startedAt: z.string(), // ISO 8601
  /** Keyhole's picture of the memory is held to the kernel's at every stop; each difference is a finding. */
  verify: z.boolean().optional(),
  /** Present when the process ran already. `observe`: nothing can be changed in it, for want of keys. */
  attached: z.object({ pid: z.int(), control: z.enum(['full', 'observe']) }).optional(),
});

export const processFacts = z.object({
  parent: z.int().optional(),
  copyOf: z.int().optional(),
  shares: z.int().optional(),
});
export const exitFacts = z.union([
  z.object({ code: z.int() }),
  z.object({ signal: z.string(), siCode: z.int().nullable() }),
]);
export const threadFacts = z.object({ name: z.string().optional(), tp: addr.optional(), parent: z.int().optional() });

export const moduleFacts = z.object({
  name: z.string(),
  path: z.string(),
  base: addr,
  key: key.nullable(),
  code: z.enum(['own', 'caller']),
  tag: z.array(z.enum(['segments', 'tls'])),
  segments: z.array(z.object({ start: addr, end: addr, prot: z.int() })),
  relro: range.nullable(),
  shared: range.nullable(),
  tls: z
    .object({
      memsz: z.int(),
      filesz: z.int(),
      align: z.int(),
      /** Thread-local variables by their offset in the block; absent in older recordings. */
      symbols: z
        .array(z.object({ name: z.string(), written: z.string().optional(), offset: z.int(), size: z.int() }))
        .optional(),
    })
    .nullable(),
  buildId: z.string().nullable(),
});

/** One thread's TLS: where TP points and what lives around it. `null` = unknown or not there. */
export const tlsFacts = z.object({
  tp: addr,
  dtv: addr.nullable(),
  descriptor: range.nullable(),
  rseq: range.nullable(),
  slot: addr.nullable(),
  blocks: z.array(
    z.object({ module: z.string(), key: key.nullable(), start: addr, memsz: z.int(), static: z.boolean() }),
  ),
});

export const mapFacts = z.object({
  name: z.string(), // path, [heap], [stack], or '' for anonymous
  offset: z.number().optional(),
  flags: z.array(z.string()).optional(), // of mmap; grown: a stack that the kernel has extended
  hint: addr.optional(),
  from: addr.optional(), // mremap: the old start
});

/** A line of the program's source, by debug information in the file or installed for it. */
const sourceLine = z.object({ file: z.string(), line: z.int().min(1) });

const place = z.object({
  address: addr,
  module: z.string().nullable(),
  symbol: z.string().nullable(),
  /** The symbol as its source writes it, where that is another name: C++. Absent in older recordings. */
  written: z.string().optional(),
  source: sourceLine.nullable(),
});

/** A function that was running; `by` says how it was found. Frame pointers may skip a caller, or name one too many. */
const frame = place.extend({
  by: z.enum(['registers', 'cfi', 'frame-pointer']),
});

export const faultFacts = z.object({
  /** denied: by a key. rseq: the kernel killed over a denied rseq area. plain: an ordinary SIGSEGV. */
  outcome: z.enum(['denied', 'rseq', 'plain']),
  address: addr,
  access: z.enum(['read', 'write', 'execute', 'unknown']),
  key: key.nullable(),
  siCode: z.int(),
  rights: z.int().nullable(),
  accessor: key.nullable(), // key of the compartment the thread runs as; null = names none
  tp: addr,
  instruction: z.object({
    address: addr,
    module: z.string().nullable(),
    symbol: z.string().nullable(),
    written: z.string().optional(),
    text: z.string(),
    /** Null: no debug information knows the line. Absent: recorded before lines were read. */
    source: sourceLine.nullable().optional(),
  }),
  around: z.array(z.object({ address: addr, text: z.string() })),
  registers: z.record(z.string(), addr), // empty where `like` is set
  /** The same access again, stepped over: number of the detail of its first time, which has the registers. */
  like: z.int().optional(),
  /** Innermost first. Absent where the same instruction's callers were told before, and in older recordings. */
  backtrace: z.array(frame).optional(),
  region: z.object({ start: addr, end: addr, name: z.string(), prot: z.int(), key }).nullable(),
  action: z.enum(['deliver', 'stop', 'step-over', 'killed']),
});

export const signalFacts = z.object({
  signal: z.string(),
  siCode: z.int(),
  address: addr.optional(),
  disposition: z.enum(['handler', 'default', 'ignored']),
});

export const planStep = z.object({ start: addr, end: addr, key, rule: z.string(), what: z.string() });
export const policyFacts = z.object({
  policy: z.string(),
  rounding: z.enum(['padded', 'outward']),
  why: z.enum(['startup', 'birth', 'module', 'demand', 'revert', 'manual']),
  steps: z.array(planStep),
});

export const findingFacts = z.object({
  class: z.string(),
  text: z.string(),
  start: addr.optional(),
  end: addr.optional(),
});
export const verdictFacts = z.object({ call: z.string(), allowed: z.boolean(), text: z.string() });
export const nameFacts = z.object({ name: z.string() });
/** `left`: what could not be put back as it was found, in words. */
export const detachFacts = z.object({
  pid: z.int(),
  left: z.array(z.string()),
  /** It was left stopped, for a debugger. */
  stopped: z.boolean().optional(),
});
export const textFacts = z.object({ text: z.string() });
/** `rule`: one of `pause-on` was met, and `rule` says which. */
export const stopFacts = z.object({
  why: z.enum(['user', 'fault', 'start', 'end', 'rule']),
  rule: pauseRule.optional(),
});
/** A thread without such a row since the program stopped: unknown where it stands. */
export const standFacts = z.object({
  /** The system call that it is in, or about to make, by name or as `call 999`; null = it runs code of its own. */
  call: z.string().nullable(),
  at: place,
  /** Innermost first. Absent: not looked for. */
  callers: z.array(frame).optional(),
});
export const pauseFacts = z.object({ rules: z.array(pauseRule) });
export const outputFacts = z.object({ stream: z.enum(['stdout', 'stderr']), text: z.string() });

export type SessionFacts = z.infer<typeof sessionFacts>;
export type ExitFacts = z.infer<typeof exitFacts>;
export type ModuleFacts = z.infer<typeof moduleFacts>;
export type TlsFacts = z.infer<typeof tlsFacts>;
export type MapFacts = z.infer<typeof mapFacts>;
export type FaultFacts = z.infer<typeof faultFacts>;
export type SourceLine = z.infer<typeof sourceLine>;
export type StandFacts = z.infer<typeof standFacts>;
export type Frame = z.infer<typeof frame>;
export type PolicyFacts = z.infer<typeof policyFacts>;
export type PlanStep = z.infer<typeof planStep>;
export type FindingFacts = z.infer<typeof findingFacts>;
