/** What pauses the program by itself: an event of a kind, or any event about memory in a range. */
import { z } from 'zod';
import { hex } from './ids.ts';

export const pauseKinds = ['fault', 'tag', 'thread-birth', 'policy'] as const;
export type PauseKind = (typeof pauseKinds)[number];

const range = /^0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})$/;

/** A kind, or `0xSTART-0xEND`, half-open: a mapping, protection, tag or fault that touches it. */
export const pauseRule = z.union([z.enum(pauseKinds), z.string().regex(range)]);
export const pauseRules = z.array(pauseRule).max(32);
export type PauseRule = z.infer<typeof pauseRule>;

export const rangeRule = (start: number, end: number): PauseRule => `${hex(start)}-${hex(end)}`;

/** The addresses of a rule about a range; null for a rule about a kind of event. */
export function rangeOf(rule: PauseRule): { readonly start: number; readonly end: number } | null {
  const [, start, end] = range.exec(rule) ?? [];
  return start === undefined || end === undefined
    ? null
    : { start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) };
}

/** A rule in words that follow "pause on". */
export function ruleWords(rule: PauseRule): string {
  const at = rangeOf(rule);
  if (at) return `an event in ${hex(at.start)} to ${hex(at.end)}`;
  return { fault: 'a fault', tag: 'a tag', 'thread-birth': 'the birth of a thread', policy: 'a policy step' }[
    rule as PauseKind
  ];
}
