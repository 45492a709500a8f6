/** Numbers as a person reads them. Units are always written; a value that is not known is the caller's to say. */

const grouped = new Intl.NumberFormat('en-US');

export const count = (n: number): string => grouped.format(n);

/** `3 pages`, `1 page`. */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes in binary units; at most one decimal, none above 100. */
export function bytes(n: number): string {
  let value = n;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 100 || Number.isInteger(value) ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** Program time in seconds to the microsecond: `0.214 803`. */
export function seconds(ns: number): string {
  const micros = Math.round(ns / 1000);
  const whole = Math.floor(micros / 1_000_000);
  const rest = String(micros % 1_000_000).padStart(6, '0');
  return `${count(whole)}.${rest.slice(0, 3)}\u00a0${rest.slice(3)}`;
}

/** A span of time in the unit that fits it. */
export function duration(ns: number): string {
  if (ns < 1e3) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${(ns / 1e3).toFixed(ns < 1e4 ? 1 : 0)} µs`;
  if (ns < 1e9) return `${(ns / 1e6).toFixed(ns < 1e7 ? 1 : 0)} ms`;
  return `${(ns / 1e9).toFixed(ns < 1e10 ? 3 : 1)} s`;
}

/** Twelve digits at least, without `0x`: addresses in a column line up. */
export const address = (n: number): string => n.toString(16).padStart(12, '0');

/** The end of an address, when its head is on screen already: `…6e1000`. */
export const tail = (n: number): string => `…${n.toString(16).slice(-6)}`;

/** `rw-`; `???` while the protection is not known. */
export const prot = (bits: number): string =>
  bits === 255 ? '???' : `${bits & 1 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 4 ? 'x' : '-'}`;

/** `a, b and c` */
export const list = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;

/** Whole numbers in order, neighbours together: `1, 3 to 15`. */
export function spans(numbers: readonly number[]): string {
  const runs: [from: number, to: number][] = [];
  for (const n of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ');
}

/** File name of a path. */
export const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Offset from the thread pointer: `+0x28`, `-0x90`. */
export const offset = (n: number): string => (n < 0 ? `-0x${(-n).toString(16)}` : `+0x${n.toString(16)}`);
