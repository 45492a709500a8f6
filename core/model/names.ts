/** Short names: of modules, keys and threads, the same everywhere. */
import type { SessionFacts } from '../contract/details.ts';
import { KEY_LETTERS } from '../contract/ids.ts';

/** `libdav1d.so.6` is `libdav1d`, `ld-linux-x86-64.so.2` is `ld.so`, a path is its last part. */
/** A symbol as its source writes it, where that is known, else as the linker has it; null where there is none. */
export const symbolWords = (place: { readonly symbol: string | null; readonly written?: string | undefined }) =>
  place.written ?? place.symbol;

export function shortModule(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (/^ld(-linux|-musl|-\d|\.so)/.test(base)) return 'ld.so';
  return base.replace(/(-\d[\d.]*)?\.so(\.[\w.]+)?$/, '') || base;
}

/** True for the dynamic loader. */
export const isLoader = (name: string): boolean => shortModule(name) === 'ld.so';

/** The compartment of a key: `shared` for key 0, null where no compartment owns the key. */
export function compartmentName(session: SessionFacts | null, key: number): string | null {
  if (key === 0) return 'shared';
  return session?.compartments.find((compartment) => compartment.key === key)?.name ?? null;
}

export const keyLetter = (key: number): string => KEY_LETTERS[key] ?? '?';

/** `key 1 "cli"`, `key 0, shared`, `key 5`; `an unknown key` for null. */
export function keyWords(session: SessionFacts | null, key: number | null): string {
  if (key === null) return 'an unknown key';
  if (key === 0) return 'key 0, shared';
  const name = compartmentName(session, key);
  return name === null ? `key ${key}` : `key ${key} "${name}"`;
}

/** Program time as `0.214 803 s`. */
export function timeWords(ns: number): string {
  const micros = Math.round(ns / 1000);
  const fraction = String(micros % 1_000_000).padStart(6, '0');
  return `${Math.floor(micros / 1_000_000)}.${fraction.slice(0, 3)} ${fraction.slice(3)} s`;
}

/** `T2 dav1d-worker`: the short name of a thread. */
export const threadLabel = (thread: { readonly number: number; readonly name: string | null }): string =>
  thread.name === null ? `T${thread.number}` : `T${thread.number} ${thread.name}`;

/** `rw-`; `???` when unknown. */
export const protWords = (prot: number | null): string =>
  prot === null ? '???' : `${prot & 1 ? 'r' : '-'}${prot & 2 ? 'w' : '-'}${prot & 4 ? 'x' : '-'}`;
