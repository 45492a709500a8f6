/** Who may touch a page: the rights of a thread against the key and the protection of a region. */
import { rightOf } from './rights.ts';
import type { Region } from './space.ts';
import type { Thread } from './world.ts';

export type Touch =
  | 'read, write'
  | 'read'
  | 'read only'
  | 'denied'
  | 'no access by protection'
  | 'not mapped'
  | 'exited'
  | 'unknown';

/** `read`: the page itself is read-only. `read only`: the rights take the writing away. */
export function mayTouch(thread: Pick<Thread, 'state' | 'rights'>, region: Pick<Region, 'key' | 'prot'> | null): Touch {
  if (thread.state === 'exited') return 'exited';
  if (!region) return 'not mapped';
  if (region.prot === 0) return 'no access by protection';
  const rights = thread.rights === 'unknown' ? null : thread.rights;
  const right = region.key === null ? 'unknown' : rightOf(rights, region.key);
  if (right === 'unknown') return 'unknown';
  if (right === 'closed') return 'denied';
  if (region.prot === null) return 'unknown';
  const writable = (region.prot & 2) !== 0;
  if (!writable) return 'read';
  return right === 'open' ? 'read, write' : 'read only';
}
