import type { World } from '../../../core/model/world.ts';
import { count } from '../../widgets/format.ts';

/** How many gates were crossed: a program's own are code like any other, and nobody counts them. */
export function crossingWords({ session, crossings }: Pick<World, 'session' | 'crossings'>): string {
  if (!session) return 'unknown';
  return session.gates === 'virtual' ? count(crossings) : 'not counted, the gates are the program’s own';
}
