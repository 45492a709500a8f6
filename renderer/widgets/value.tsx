/**
 * Values: whatever a person may want to take along. Each is copied by a click, or by C while the pointer or the focus is
 * on it, and says in its tooltip what it is, in full and with its unit.
 */
import type { ReactNode } from 'react';
import { hex } from '../../core/contract/ids.ts';
import { address, bytes, count, offset, plural, seconds, tail } from './format.ts';

interface ValueProps {
  /** What is copied. */
  readonly copy: string;
  /** What it is, in full, with its unit and where it comes from; else what is copied. */
  readonly title?: string;
  readonly className?: string;
  /** What is shown; else what is copied. */
  readonly children?: ReactNode;
}

/** The attributes of a value, for an element that is something else too: a cell, a button. */
export const copies = (copy: string, title = copy): { 'data-copy': string; title: string } => ({
  'data-copy': copy,
  title: `${title} · C copies`,
});

export function Value({ copy, title, className, children }: ValueProps): ReactNode {
  return (
    <span className={className} {...copies(copy, title)}>
      {children ?? copy}
    </span>
  );
}

interface AddressProps {
  readonly at: number;
  /** The end only, where its head is on screen already. */
  readonly short?: boolean;
  /** Greys so many digits, which it shares with its neighbours. */
  readonly dim?: number;
  /** With `0x`, where it stands alone. */
  readonly full?: boolean;
  /** What lies there. */
  readonly of?: string;
}

/** An address in mono. */
export function Address({ at, short, dim = 0, full, of = 'address' }: AddressProps): ReactNode {
  const text = short ? tail(at) : full ? hex(at) : address(at);
  return (
    <Value copy={hex(at)} title={`${of} ${hex(at)}`} className="mono">
      {dim > 0 ? <span className="dim">{text.slice(0, dim)}</span> : null}
      {text.slice(dim)}
    </Value>
  );
}

/** A size in the unit that fits it; the tooltip has every byte. */
export function Bytes({ n, of = '' }: { n: number; of?: string }): ReactNode {
  return (
    <Value copy={String(n)} title={`${plural(n, 'byte')}${of === '' ? '' : ` ${of}`}`}>
      {bytes(n)}
    </Value>
  );
}

/** A bare number; the tooltip says of what. */
export function Count({ n, one, many }: { n: number; one: string; many?: string }): ReactNode {
  return (
    <Value copy={String(n)} title={plural(n, one, many)}>
      {count(n)}
    </Value>
  );
}

/** A number that only names something: a process, a thread. */
export function Id({ n, of }: { n: number; of: string }): ReactNode {
  return <Value copy={String(n)} title={`${of} ${n}`} />;
}

/** Program time; `unit` where no heading says that it is seconds. */
export function Time({ ns, unit }: { ns: number; unit?: boolean }): ReactNode {
  return (
    <Value copy={(ns / 1e9).toFixed(6)} title={`${seconds(ns)} seconds of program time`}>
      {seconds(ns)}
      {unit ? ' s' : ''}
    </Value>
  );
}

/** A distance from the thread pointer. */
export function Offset({ from }: { from: number }): ReactNode {
  const side = from < 0 ? 'before' : 'after';
  return (
    <Value
      copy={offset(from)}
      title={`${plural(Math.abs(from), 'byte')} ${side} the thread pointer`}
      className="mono"
    />
  );
}

/** Copy to the clipboard; answers whether the browser allowed it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** The copyable value under the pointer, else the one that holds the focus or is first within it. */
export function copyTarget(): string | null {
  const hovered = [...document.querySelectorAll<HTMLElement>('[data-copy]:hover')].pop();
  const focused = document.activeElement;
  const within = focused === document.body ? null : focused?.querySelector<HTMLElement>('[data-copy]');
  return (hovered ?? focused?.closest<HTMLElement>('[data-copy]') ?? within)?.dataset.copy ?? null;
}
