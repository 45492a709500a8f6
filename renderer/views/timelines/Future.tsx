import type { ReactNode } from 'react';

/** What comes after the instant shown is paler. Laid over the canvas, which so need not be drawn anew when that moves. */
export function Future({ at }: { at: number }): ReactNode {
  return <div className="future" style={{ left: Math.max(0, at) }} aria-hidden="true" />;
}
