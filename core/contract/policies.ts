import { z } from 'zod';

/** A carve-out rule: which page of a thread stays shared (key 0). Resolved per thread by the engine. */
export const carveOutRule = z
  .string()
  .regex(
    /^(slot|tcb|dtv|rseq|pthread|below-tcb:[1-9][0-9]?|symbol:[^:]+:[^:]+)$/,
    'one of slot, tcb, dtv, rseq, pthread, below-tcb:N (1 to 99), symbol:MODULE:NAME',
  );

/** A policy is data. `tag: false` tags nothing; `startupTcb` is rule R10; `maxCarveOuts` is the bound of R7. */
export const policySchema = z.strictObject({
  name: z.string().min(1),
  tag: z.boolean().default(true),
  carveOuts: z.array(carveOutRule).default([]),
  maxCarveOuts: z.int().min(0).max(128).default(2),
  startupTcb: z.boolean().default(false),
});
export type Policy = z.infer<typeof policySchema>;

export const presetNames = [
  'observe',
  'tag-all',
  'slot-only',
  'startup-tcb',
  'split',
  'tcb-dtv',
  'neighbourhood',
] as const;
export type PresetName = (typeof presetNames)[number];

/** Every preset has been in force at some point of IA2's history; `split` is the default. */
export const presets: Readonly<Record<PresetName, Policy>> = {
  observe: { name: 'observe', tag: false, carveOuts: [], maxCarveOuts: 0, startupTcb: false },
  'tag-all': { name: 'tag-all', tag: true, carveOuts: [], maxCarveOuts: 0, startupTcb: false },
  'slot-only': { name: 'slot-only', tag: true, carveOuts: ['slot'], maxCarveOuts: 1, startupTcb: false },
  'startup-tcb': { name: 'startup-tcb', tag: true, carveOuts: ['slot'], maxCarveOuts: 1, startupTcb: true },
  split: { name: 'split', tag: true, carveOuts: ['slot', 'tcb'], maxCarveOuts: 2, startupTcb: true },
  'tcb-dtv': { name: 'tcb-dtv', tag: true, carveOuts: ['slot', 'tcb', 'dtv'], maxCarveOuts: 3, startupTcb: true },
  neighbourhood: {
    name: 'neighbourhood',
    tag: true,
    carveOuts: ['slot', 'tcb', 'below-tcb:8'],
    maxCarveOuts: 10,
    startupTcb: true,
  },
};

export const roundings = ['padded', 'outward'] as const;
export type Rounding = (typeof roundings)[number];
