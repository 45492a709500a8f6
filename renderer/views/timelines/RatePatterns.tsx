import type { ReactNode } from 'react';
import { type KindGroup, kindGroups } from '../../../core/model/eventRate.ts';

interface Look {
  /** How much ink the ground has. */
  readonly ground: number;
  /** Drawn over it in tiles of six pixels; none where the ground is enough. */
  readonly strokes?: string;
}

/** Colour is for keys: every second area has a pattern, so that no two greys that meet are told apart by strength alone. */
const looks: Readonly<Record<KindGroup, Look>> = {
  trouble: { ground: 1 },
  keys: { ground: 0.12, strokes: 'M-1 1 1 -1 M0 6 6 0 M5 7 7 5' },
  memory: { ground: 0.62 },
  threads: { ground: 0.06, strokes: 'M0 3H6' },
  gates: { ground: 0.3 },
  other: { ground: 0, strokes: 'M1.5 1.5H2.9 M4.5 4.5H5.9' },
};

const id = (group: KindGroup): string => `rate-${group}`;

/** What an area of the group is filled with, anywhere in the page that has the patterns. */
export const rateFill = (group: KindGroup): string => `url(#${id(group)})`;

/** The patterns themselves; drawn nowhere. */
export function RatePatterns(): ReactNode {
  return (
    <svg className="visually-hidden" aria-hidden="true">
      <defs>
        {kindGroups.map((group) => (
          <pattern key={group} id={id(group)} width={6} height={6} patternUnits="userSpaceOnUse">
            <rect width={6} height={6} fill="var(--ink)" fillOpacity={looks[group].ground} />
            <path d={looks[group].strokes ?? ''} stroke="var(--ink)" strokeWidth={1.3} />
          </pattern>
        ))}
      </defs>
    </svg>
  );
}

/** The look of a group beside its words. */
export function RateSwatch({ group }: { readonly group: KindGroup }): ReactNode {
  return (
    <svg className="rate-swatch" width={18} height={12} aria-hidden="true">
      <rect width={18} height={12} fill={rateFill(group)} stroke="var(--edge)" />
    </svg>
  );
}
