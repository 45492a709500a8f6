/** Commands flow down: view → session → engine. Every one is validated where it crosses a border. */
import { z } from 'zod';
import { type LaunchFile, launchFileSchema } from './launch.ts';
import { pauseRules } from './pause.ts';
import { policySchema, presetNames, roundings } from './policies.ts';
import { symbolModule, symbolPid } from './symbols.ts';

const addr = z.string().regex(/^0x[0-9a-f]+$/);
const policy = z.union([z.enum(presetNames), policySchema]);

export const commandSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('launch'), launch: launchFileSchema, base: z.string().optional() }),
  z.strictObject({ do: z.literal('launch-file'), path: z.string().min(1), policy: policy.optional() }),
  /** Attach to a process that runs already. */
  z.strictObject({ do: z.literal('attach'), pid: z.int().min(1).max(4194304), policy: policy.optional() }),
  z.strictObject({ do: z.literal('processes') }), // answers ProcessInfo[]
  z.strictObject({ do: z.literal('examples') }), // answers ExampleInfo[]
  z.strictObject({ do: z.literal('recent') }), // answers RecentLaunch[]
  z.strictObject({ do: z.literal('pause') }),
  z.strictObject({ do: z.literal('continue') }),
  z.strictObject({ do: z.literal('kill') }),
  /** Let go of an attached process, as it was found; `stopped`: but with SIGSTOP, so that a debugger finds it here. */
  z.strictObject({ do: z.literal('detach'), stopped: z.boolean().optional() }),
  /** Carry out the denied instruction that this thread stands at once, with the page's key open; it stays paused. */
  z.strictObject({ do: z.literal('step-over'), tid: z.int() }),
  /** What `apply` would tag now, per thread and module; changes nothing. Answers PlanStep[]. */
  z.strictObject({ do: z.literal('plan'), policy, rounding: z.enum(roundings).optional() }),
  z.strictObject({ do: z.literal('apply'), policy, rounding: z.enum(roundings).optional() }),
  /** Undo the last policy step, manual tag or change of rights. */
  z.strictObject({ do: z.literal('revert') }),
  z.strictObject({ do: z.literal('tag'), pid: z.int(), start: addr, end: addr, key: z.int().min(0).max(15) }),
  z.strictObject({ do: z.literal('rights'), tid: z.int(), pkru: z.int().min(0).max(0xffffffff) }),
  /** Events that pause the program from now on, in place of those before; none = only the person does. */
  z.strictObject({ do: z.literal('pause-on'), rules: pauseRules }),
  /** Bytes of a live process as they are now; answers them as hex, fewer than asked for where nothing is mapped. */
  z.strictObject({ do: z.literal('read'), pid: z.int(), start: addr, size: z.int().min(1).max(65536) }),
  /** Compare the region map with the kernel's; answers the differences and logs each as a finding. */
  z.strictObject({ do: z.literal('verify') }),
  z.strictObject({ do: z.literal('save'), path: z.string().optional() }), // no path: answers the bytes (base64)
  z.strictObject({ do: z.literal('open'), path: z.string().min(1) }),
  z.strictObject({ do: z.literal('open-bytes'), name: z.string(), base64: z.string() }),
  /** Forget the session: what was launched is killed, what was attached is let go of, and no log is shown. */
  z.strictObject({ do: z.literal('close') }),
  /** Functions and variables whose name holds the text, whatever its case; answers SymbolsFound. */
  z.strictObject({
    do: z.literal('symbols'),
    text: z
      .string()
      .min(1)
      .max(200)
      .refine((text) => !text.includes('\0'), 'no name holds a NUL'),
    modules: z.array(symbolModule).max(4096),
    pid: symbolPid,
  }),
  /** The function or variable that holds a place, `offset` from the module's base; answers SymbolsFound of one module. */
  z.strictObject({ do: z.literal('symbol-at'), module: symbolModule, offset: addr, pid: symbolPid }),
]);
export type Command = z.infer<typeof commandSchema>;

/** The part of the commands that the engine itself executes. `policy` is always an object there. */
export const engineCommands = [
  'pause',
  'continue',
  'kill',
  'detach',
  'plan',
  'apply',
  'revert',
  'tag',
  'rights',
  'pause-on',
  'read',
  'verify',
  'step-over',
] as const;
export type EngineCommand = Extract<Command, { do: (typeof engineCommands)[number] }>;

/** A process that may be attached to. */
export interface ProcessInfo {
  readonly pid: number;
  readonly name: string;
  readonly line: string;
}

/** What was launched before on the host's machine: a launch file by its path, or what was typed. */
export interface RecentLaunch {
  readonly title: string;
  readonly path: string | null;
  readonly launch: LaunchFile | null;
}

export interface ExampleInfo {
  readonly path: string;
  readonly example: string;
  readonly title: string;
  readonly policy: string;
}
