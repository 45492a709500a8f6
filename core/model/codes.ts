/** Numbers of the kinds by name, for loops that must not look strings up. */
import { type EventKind, eventKinds } from '../contract/events.ts';

export const kindCode: Readonly<Record<EventKind, number>> = Object.fromEntries(
  eventKinds.map((kind, code) => [kind, code]),
) as Record<EventKind, number>;
