/** The anatomy of one thread's TLS on x86-64: what lies at which offset from the thread pointer. */
import type { TlsFacts } from '../contract/details.ts';
import { type Addr, asAddr, PAGE } from '../contract/ids.ts';
import type { FaultClass } from './faultClasses.ts';

/** A named piece of a thread's TLS. `offset` is from the thread pointer. */
export interface TlsField {
  readonly name: string;
  readonly class: FaultClass;
  readonly start: Addr;
  readonly end: Addr;
  readonly offset: number;
  /** Reached through the DTV, away from the thread pointer. */
  readonly detached: boolean;
}

/** The ABI's fields (psABI, glibc's tcbhead_t) and the two of struct pthread that people look for (glibc 2.36). */
const ABI: readonly (readonly [offset: number, size: number, name: string, of: FaultClass])[] = [
  [0x0, 8, 'TCB self pointer', 'TCB self pointer'],
  [0x8, 8, 'DTV pointer', 'DTV pointer'],
  [0x10, 8, 'self pointer', 'TCB self pointer'],
  [0x28, 8, 'stack-protector canary', 'stack-protector canary'],
  [0x30, 8, 'pointer guard', 'pointer guard'],
  [0x2d0, 4, 'tid', 'thread descriptor'],
  [0x2e0, 24, 'robust list', 'robust list'],
];

/** Every piece that the facts name, by address; the descriptor, which encloses the ABI fields, comes after them. */
export function tlsFields(tls: TlsFacts): readonly TlsField[] {
  let fields = known.get(tls);
  if (!fields) {
    fields = fieldsOf(tls);
    known.set(tls, fields);
  }
  return fields;
}

/** The facts of a row are parsed once, so they stand for their fields. */
const known = new WeakMap<TlsFacts, readonly TlsField[]>();

function fieldsOf(tls: TlsFacts): readonly TlsField[] {
  const tp = Number(tls.tp);
  const fields: TlsField[] = [];
  const add = (name: string, of: FaultClass, start: number, end: number, detached = false): void => {
    fields.push({ name, class: of, start: asAddr(start), end: asAddr(end), offset: start - tp, detached });
  };
  for (const block of tls.blocks) {
    const start = Number(block.start);
    add(`TLS block of ${block.module}`, 'TLS block', start, start + block.memsz, !block.static);
  }
  for (const [offset, size, name, of] of ABI) add(name, of, tp + offset, tp + offset + size);
  if (tls.rseq) add('rseq area', 'rseq area', Number(tls.rseq.start), Number(tls.rseq.end));
  if (tls.slot) add('stack-pointer slot', 'stack-pointer slot', Number(tls.slot), Number(tls.slot) + PAGE, true);
  fields.sort((a, b) => a.start - b.start || a.end - b.end);
  if (tls.descriptor) {
    add('thread descriptor', 'thread descriptor', Number(tls.descriptor.start), Number(tls.descriptor.end));
  }
  return fields;
}

/** The narrowest piece that holds `address`, or null. */
export function tlsFieldAt(tls: TlsFacts, address: number): TlsField | null {
  let found: TlsField | null = null;
  for (const field of tlsFields(tls)) {
    if (field.start > address || address >= field.end) continue;
    if (!found || field.end - field.start < found.end - found.start) found = field;
  }
  return found;
}

/** `%fs:0x28`, `%fs:-0x20`. */
export const fsOffset = (offset: number): string =>
  offset < 0 ? `%fs:-0x${(-offset).toString(16)}` : `%fs:0x${offset.toString(16)}`;

export const pageOf = (addr: number): Addr => asAddr(addr - (addr % PAGE));
export const pageUp = (addr: number): Addr => pageOf(addr + PAGE - 1);

/** Bytes from the lowest static block to the end of descriptor and rseq area: what lies around the thread pointer. */
export function staticExtent(tls: TlsFacts): { readonly start: Addr; readonly end: Addr } {
  const tp = Number(tls.tp);
  let start = tp;
  let end = tp + 0x40;
  for (const block of tls.blocks) {
    if (!block.static) continue;
    start = Math.min(start, Number(block.start));
    end = Math.max(end, Number(block.start) + block.memsz);
  }
  for (const range of [tls.descriptor, tls.rseq]) if (range) end = Math.max(end, Number(range.end));
  return { start: asAddr(start), end: asAddr(end) };
}
