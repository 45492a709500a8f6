/** What shares a page with a module's TLS block: whoever tags the block takes it along, or has to leave a part untagged. */
import { PAGE } from '../contract/ids.ts';
import { shortModule } from './names.ts';
import { pageOf, type TlsField, tlsFields } from './tls.ts';
import type { Thread } from './world.ts';

/** Threads of one program are laid out alike: the first few say what there is. */
const MOST_THREADS = 16;

/** A block by its module; the fields of the thread descriptor are named one by one elsewhere. */
const nameOf = (field: TlsField): string =>
  field.class === 'TLS block' ? `TLS of ${shortModule(field.name.replace('TLS block of ', ''))}` : 'TCB';

/** Neighbours of the block of `module` in any of the threads, by name; null = no thread's TLS is known to hold it. */
export function tlsNeighbours(threads: readonly Thread[], module: string): readonly string[] | null {
  const found = new Set<string>();
  let known = false;
  for (const { tls } of threads.filter((thread) => thread.tls !== null).slice(0, MOST_THREADS)) {
    for (const block of tls?.blocks ?? []) {
      if (!tls || block.module !== module) continue;
      known = true;
      const start = Number(block.start);
      const end = start + block.memsz;
      for (const field of tlsFields(tls)) {
        if (start <= field.start && field.end <= end) continue;
        const onFirst = field.start < pageOf(start) + PAGE && field.end > pageOf(start);
        const onLast = field.start < pageOf(end - 1) + PAGE && field.end > pageOf(end - 1);
        if (onFirst || onLast) found.add(nameOf(field));
      }
    }
  }
  return known ? [...found] : null;
}
