import { KEY_LETTERS } from '../../core/contract/ids.ts';

/** The sixteen key colours; the same in both themes. Mirrors `tokens.css`, for canvases; a test holds them together. */
export const keyColours = [
  '#7f8b99',
  '#5fb0f5',
  '#f0b23a',
  '#a7faf6',
  '#aecaad',
  '#f1ef7a',
  '#6bddf8',
  '#f6d32b',
  '#c8f7c7',
  '#ee9748',
  '#90b9a8',
  '#dbda82',
  '#b2a7ca',
  '#d99f82',
  '#3295f6',
  '#98e6d6',
] as const;

/** Bars that tell the pattern classes apart: none for keys 0 to 5, a foot for 6 to 10, foot and head above. */
export type KeyPattern = 'plain' | 'foot' | 'both';

export const keyPattern = (key: number): KeyPattern => (key < 6 ? 'plain' : key < 11 ? 'foot' : 'both');

/** The letter of a key; `?` where the key is unknown, which is not key 0. */
export const keyLetter = (key: number | null): string => (key === null ? '?' : (KEY_LETTERS[key] ?? '?'));
