/** What may be said of memory: what it is and whose. */
import type { Addr, Tid } from '../contract/ids.ts';
import { isLoader } from './names.ts';
import type { Module } from './space.ts';

export type LabelKind =
  | 'code'
  | 'rodata'
  | 'relro'
  | 'shared-section'
  | 'data'
  | 'bss'
  | 'heap'
  | 'stack'
  | 'guard'
  | 'tls'
  | 'loader-data'
  | 'keyhole'
  | 'kernel'
  | 'file'
  | 'reservation'
  | 'anonymous'
  | 'unmapped';

export interface Label {
  readonly kind: LabelKind;
  /** What it is: `code`, `RELRO`, `TLS, TCB`, `[heap]`. */
  readonly text: string;
  /** Whose it is, for grouping: a module's short name, `T2 dav1d-worker`, or ''. */
  readonly owner: string;
  readonly thread: Tid | null;
  readonly module: Module | null;
  /** Neighbours of one owner and family are one line of the map. */
  readonly family: string;
}

export interface LabelRun {
  readonly start: Addr;
  readonly end: Addr;
  readonly label: Label;
}

/** Kinds that share a line when they follow each other; of the others only those with the same text do. */
const families: Partial<Record<LabelKind, string>> = {
  code: 'image',
  rodata: 'image',
  data: 'data',
  bss: 'data',
  stack: 'stack',
  guard: 'stack',
  anonymous: 'anonymous',
  reservation: 'anonymous',
};

export const makeLabel = (
  kind: LabelKind,
  text: string,
  owner = '',
  rest: { readonly thread?: Tid; readonly module?: Module } = {},
): Label => ({ kind, text, owner, thread: null, module: null, family: families[kind] ?? text, ...rest });

/** Whether two labels say the same. */
export const sameLabel = (a: Label, b: Label): boolean =>
  a === b || (a.kind === b.kind && a.text === b.text && a.owner === b.owner);

/** True where the loader keeps its state: its own data, or what it mapped for the first thread. */
export const isLoaderData = (found: Label): boolean =>
  found.kind === 'loader-data' ||
  (found.module !== null && isLoader(found.module.name) && (found.kind === 'data' || found.kind === 'bss'));
