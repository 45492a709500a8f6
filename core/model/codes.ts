/** Numbers of the wire lists by name, for loops that must not look strings up. */
import { type Cause, causes, type EventKind, eventKinds, type Rule, rules } from '../contract/events.ts';

const codes = <T extends string>(list: readonly T[]): Readonly<Record<T, number>> =>
  Object.fromEntries(list.map((name, code) => [name, code])) as Record<T, number>;

export const kindCode: Readonly<Record<EventKind, number>> = codes(eventKinds);
export const causeCode: Readonly<Record<Cause, number>> = codes(causes);
export const ruleCode: Readonly<Record<Rule, number>> = codes(rules);
