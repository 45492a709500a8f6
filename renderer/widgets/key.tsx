import './key.css';
import type { ReactNode } from 'react';
import { keyLetter, keyPattern } from '../theme/keys.ts';

interface KeyChipProps {
  /** `null` = unknown, drawn as a dotted `?` and never as key 0. */
  readonly k: number | null;
  readonly size?: 'cell' | 'chip' | 'large';
  readonly title?: string;
}

/** The mark of a key: its colour, its letter, its bars. Decoration beside words, unless it has a title. */
export function KeyChip({ k, size = 'chip', title }: KeyChipProps): ReactNode {
  const known = k !== null;
  return (
    <span
      className={`key key-${size}`}
      data-key={known ? k : 'unknown'}
      data-pattern={known ? keyPattern(k) : undefined}
      {...(title ? { role: 'img', title, 'aria-label': title } : { 'aria-hidden': true })}
    >
      {keyLetter(k)}
    </span>
  );
}

/** A key with the name of its compartment, inside a sentence. */
export function KeyName({ k, name, size }: { k: number | null; name: string; size?: 'chip' | 'large' }): ReactNode {
  return (
    <span className="key-name">
      <KeyChip k={k} {...(size ? { size } : {})} /> <strong>{name}</strong>
    </span>
  );
}

type CellRight = 'open' | 'read' | 'closed' | 'unknown';

/** Sixteen cells: filled = open, half = read-only, hollow = closed, dotted = unknown. `words` says the same. */
export function RightsCells({ cells, words }: { cells: readonly CellRight[]; words: string }): ReactNode {
  return (
    <span className="rights" role="img" aria-label={words} title={words}>
      {cells.map((right, key) => (
        // The position is the key.
        // biome-ignore lint/suspicious/noArrayIndexKey: sixteen cells in a fixed order
        <span key={key} className="rights-cell" data-key={key} data-right={right} />
      ))}
    </span>
  );
}
