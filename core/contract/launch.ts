import { z } from 'zod';
import { type PauseRule, pauseRules } from './pause.ts';
import { type Policy, policySchema, presetNames, presets, roundings } from './policies.ts';

const pattern = z.string().min(1);

/** One module of a compartment: a file-name pattern (`*` and `?`), or the word `main` for the executable. */
export const moduleRule = z.union([
  pattern,
  z.strictObject({
    match: pattern,
    /** `own`: gated, runs with the compartment's rights. `caller`: not gated, runs with its caller's rights. */
    code: z.enum(['own', 'caller']).default('own'),
    tag: z.array(z.enum(['segments', 'tls'])).default(['segments', 'tls']),
  }),
]);

export const compartmentSchema = z.strictObject({
  key: z.int().min(1).max(15),
  name: z.string().min(1),
  modules: z.array(moduleRule).min(1),
});

/** The launch file, as a person writes it. Every field but `program` has a default. */
export const launchFileSchema = z.strictObject({
  program: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string().regex(/^[^=\0]+$/, 'a variable name without ='), z.string()).default({}),
  cwd: z.string().min(1).optional(),
  keys: z.enum(['auto', 'hardware', 'emulated']).default('auto'),
  gates: z.enum(['program', 'virtual']).default('program'),
  compartments: z.array(compartmentSchema).default([]),
  policy: z.union([z.enum(presetNames), policySchema]).default('split'),
  rounding: z.enum(roundings).optional(),
  onFault: z.enum(['deliver', 'stop', 'step-over']).default('deliver'),
  tracerPolicy: z.enum(['off', 'record', 'enforce']).default('off'),
  rseq: z.enum(['keep', 'off']).default('keep'),
  pauseOn: pauseRules.default([]),
});
export type LaunchFile = z.input<typeof launchFileSchema>;

/** A module rule with its defaults filled in. */
export interface ResolvedModuleRule {
  readonly match: string;
  readonly code: 'own' | 'caller';
  readonly tag: readonly ('segments' | 'tls')[];
}

/** What the engine is given: nothing optional, every path absolute, the policy as data. Sent as JSON. */
export interface EngineLaunch {
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment, `NAME=value`. */
  readonly env: readonly string[];
  readonly cwd: string;
  readonly keys: 'auto' | 'hardware' | 'emulated';
  readonly gates: 'program' | 'virtual';
  readonly compartments: readonly {
    readonly key: number;
    readonly name: string;
    readonly modules: readonly ResolvedModuleRule[];
  }[];
  readonly policy: Policy;
  readonly rounding: 'padded' | 'outward';
  readonly onFault: 'deliver' | 'stop' | 'step-over';
  readonly tracerPolicy: 'off' | 'record' | 'enforce';
  readonly rseq: 'keep' | 'off';
  readonly pauseOn: readonly PauseRule[];
  /** What the program's stdin is: the host's own, or empty. */
  readonly input: 'inherit' | 'empty';
  /** Debug mode: the region map is held to the kernel's at every stop; a difference is a finding `model-differs`. */
  readonly verify?: boolean;
  /** Absolute path of the static launch helper, built beside the addon. */
  readonly helper: string;
}

/** What the engine is given to attach to a process that runs already. Sent as JSON. */
export interface EngineAttach
  extends Pick<EngineLaunch, 'keys' | 'compartments' | 'policy' | 'rounding' | 'onFault' | 'helper'> {
  readonly pid: number;
}

export const resolvePolicy = (policy: z.output<typeof launchFileSchema>['policy']): Policy =>
  typeof policy === 'string' ? presets[policy] : policy;

export const resolveModuleRule = (rule: z.output<typeof moduleRule>): ResolvedModuleRule =>
  typeof rule === 'string' ? { match: rule, code: 'own', tag: ['segments', 'tls'] } : rule;

/** `padded` with the program's own gates, `outward` with virtual gates, unless the file says otherwise. */
export const defaultRounding = (gates: 'program' | 'virtual'): 'padded' | 'outward' =>
  gates === 'virtual' ? 'outward' : 'padded';
