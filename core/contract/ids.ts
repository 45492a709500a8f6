/** Branded scalars that cross every border. A brand is a compile-time label only: the value stays a plain number. */
declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** A virtual address in the tracee. User addresses (below 2^47) and page-aligned kernel addresses are exact. */
export type Addr = Brand<number, 'Addr'>;
/** A protection key, 0 to 15. Key 0 is shared. */
export type Key = Brand<number, 'Key'>;
/** A thread id of the kernel. */
export type Tid = Brand<number, 'Tid'>;
/** An address space, named by the process id that first had it. */
export type Pid = Brand<number, 'Pid'>;
/** A PKRU value: two bits a key, bit 0 access-disable, bit 1 write-disable. */
export type Pkru = Brand<number, 'Pkru'>;
/** Index of an event in the log, from 0. */
export type EventIndex = Brand<number, 'EventIndex'>;

export const asAddr = (n: number): Addr => n as Addr;
export const asKey = (n: number): Key => n as Key;
export const asTid = (n: number): Tid => n as Tid;
export const asPid = (n: number): Pid => n as Pid;
export const asPkru = (n: number): Pkru => (n >>> 0) as Pkru;
export const asEventIndex = (n: number): EventIndex => n as EventIndex;

/** Half-open range of addresses `[start, end)`. */
export interface Range {
  readonly start: Addr;
  readonly end: Addr;
}

export const PAGE = 4096;
export const KEY_COUNT = 16;
/** The letter that stands for each key everywhere; I, O and Q are not used. */
export const KEY_LETTERS = 'SABCDEFGHJKLMNPR';

/** `0x…`, the one way an address is written in JSON. */
export const hex = (n: number): string => `0x${n.toString(16)}`;
