/** Which schema reads the detail of which kind of row, and how a damaged one is reported. */
import { z } from 'zod';
import * as details from '../contract/details.ts';
import type { EventKind } from '../contract/events.ts';

const path = z.object({ path: z.string() });

/** The detail schema of every kind that has one. */
export const factSchemas = {
  session: details.sessionFacts,
  'process-birth': details.processFacts,
  'process-exit': details.exitFacts,
  exec: path,
  'thread-birth': details.threadFacts,
  'module-load': details.moduleFacts,
  tls: details.tlsFacts,
  map: details.mapFacts,
  fault: details.faultFacts,
  signal: details.signalFacts,
  policy: details.policyFacts,
  finding: details.findingFacts,
  mark: details.textFacts,
  stop: details.stopFacts,
  verdict: details.verdictFacts,
  output: details.outputFacts,
  'thread-name': details.nameFacts,
  detach: details.detachFacts,
  'pause-on': details.pauseFacts,
  stand: details.standFacts,
} as const satisfies Partial<Record<EventKind, z.ZodType>>;

export type FactKind = keyof typeof factSchemas;
export type FactsOf<K extends FactKind> = z.output<(typeof factSchemas)[K]>;

/** A detail that is not what its kind needs; the message names the event and the field. */
export class DetailError extends Error {
  constructor(event: number, kind: string, problem: string) {
    super(`event ${event} (${kind}): ${problem}`);
    this.name = 'DetailError';
  }
}

/** Parses the detail of event `event`. Throws DetailError naming the field. */
export function parseFacts<K extends FactKind>(event: number, kind: K, json: string): FactsOf<K> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new DetailError(event, kind, `detail: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = factSchemas[kind].safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = ['detail', ...(issue?.path ?? [])].map(String).join('.');
    throw new DetailError(event, kind, `${field}: ${issue?.message ?? 'invalid'}`);
  }
  // The schema table is keyed by K, so the parsed value is FactsOf<K>; the checker cannot follow the index.
  return parsed.data as FactsOf<K>;
}
