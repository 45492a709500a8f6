import type { ReactNode } from 'react';
import { hex } from '../../core/contract/ids.ts';
import { address, tail } from './format.ts';

interface ValueProps {
  /** What is copied. */
  readonly copy: string;
  /** Full value and where it comes from (observed, assumed, planned); the tooltip. */
  readonly title?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A value that can be copied: click it, or press C while the pointer or the focus is on it. */
export function Value({ copy, title, className, children }: ValueProps): ReactNode {
  return (
    <span className={className} data-copy={copy} title={title ? `${title} · C copies` : `${copy} · C copies`}>
      {children}
    </span>
  );
}

/** An address in mono; `dimTo` greys the digits it shares with its neighbours, `short` keeps the end only. */
export function Address({
  at,
  short,
  dim = 0,
  full,
}: {
  at: number;
  short?: boolean;
  dim?: number;
  full?: boolean;
}): ReactNode {
  const text = short ? tail(at) : full ? hex(at) : address(at);
  return (
    <Value copy={hex(at)} className="mono">
      {dim > 0 ? <span className="dim">{text.slice(0, dim)}</span> : null}
      {text.slice(dim)}
    </Value>
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

/** The copyable value under the pointer, or the one that holds the focus. */
export function copyTarget(): string | null {
  const hovered = [...document.querySelectorAll<HTMLElement>('[data-copy]:hover')].pop();
  const focused = document.activeElement?.closest<HTMLElement>('[data-copy]');
  return hovered?.dataset.copy ?? focused?.dataset.copy ?? null;
}
