import { UNKNOWN_PROT } from '../../../core/contract/events.ts';
import type { EventLog } from '../../../core/model/eventLog.ts';
import type { Label, LabelKind } from '../../../core/model/label.ts';
import { protectedAfter } from '../../../core/model/protections.ts';
import type { Colouring } from '../../store/mapView.ts';
import { keyColours, keyLetter } from '../../theme/keys.ts';
import type { Inks } from '../../widgets/canvas.tsx';

/** One way a page can look. Of several pages in one cell the look that stands later in its list wins. */
export interface Look {
  readonly words: string;
  readonly letter: string;
  readonly colour: string;
  readonly fill: 'solid' | 'hollow' | 'hatched' | 'dotted';
  /** The key whose bars it carries beside its colour. */
  readonly key?: number;
}

/** The bare numbers of a page, as regions have them. `tagged` -1 = never. */
export interface PageNumbers {
  readonly prot: number;
  readonly key: number;
  readonly mapped: number;
  readonly tagged: number;
  readonly label: Label;
  readonly start: number;
  readonly end: number;
}

/** The looks of one colouring, and which of them a page has. */
export interface Looks {
  readonly list: readonly Look[];
  readonly of: (page: PageNumbers) => number;
}

const closed = (inks: Inks): Look => ({ words: 'no access', letter: '', colour: inks.line2, fill: 'hatched' });

function byKey(inks: Inks): Looks {
  const list: Look[] = [
    closed(inks),
    { words: 'read-only, never tagged', letter: '', colour: inks.line2, fill: 'hollow' },
    { words: 'key unknown', letter: '?', colour: inks.edge, fill: 'dotted' },
    ...keyColours.map(
      (colour, key): Look => ({
        ...{ words: `key ${key}`, letter: keyLetter(key), colour, fill: 'solid', key },
      }),
    ),
  ];
  return {
    list,
    of: ({ prot, key, tagged }) => {
      if (prot === 0) return 0;
      if (key < 0) return 2;
      return key === 0 && tagged < 0 && prot !== UNKNOWN_PROT && (prot & 2) === 0 ? 1 : 3 + key;
    },
  };
}

const plain = (words: string, letter: string, colour: string): Look => ({ words, letter, colour, fill: 'solid' });

function byProtection(inks: Inks): Looks {
  const list: readonly Look[] = [
    closed(inks),
    { words: 'read', letter: 'r', colour: inks.line2, fill: 'hollow' },
    { words: 'protection unknown', letter: '?', colour: inks.edge, fill: 'dotted' },
    plain('read, execute', 'x', '#8a93b8'),
    plain('read, write', 'w', '#c3a58c'),
    plain('write and execute', '!', '#edd9c4'),
  ];
  return {
    list,
    of: ({ prot }) => {
      if (prot === UNKNOWN_PROT) return 2;
      if (prot === 0) return 0;
      if ((prot & 6) === 6) return 5;
      return prot & 2 ? 4 : prot & 4 ? 3 : 1;
    },
  };
}

const owners: Partial<Record<LabelKind, number>> = {
  ...{ file: 2, code: 3, rodata: 3, relro: 3, 'shared-section': 3, data: 3, bss: 3, heap: 4, stack: 5, guard: 5 },
  ...{ tls: 6, 'loader-data': 6, kernel: 7, keyhole: 8, reservation: 0 },
};

function byOwner(inks: Inks): Looks {
  const list: readonly Look[] = [
    { ...closed(inks), words: 'reserved' },
    { words: 'anonymous', letter: '', colour: inks.line2, fill: 'hollow' },
    plain('file', 'f', '#a7adb5'),
    plain('module', 'm', '#8a93b8'),
    plain('heap', 'h', '#c3a58c'),
    plain('stack', 's', '#9cb59a'),
    plain('TLS, loader', 't', '#c9c08a'),
    plain('kernel', 'k', '#b48fa6'),
    plain('Keyhole’s own', 'o', '#e3e6ea'),
  ];
  return { list, of: ({ label }) => owners[label.kind] ?? 1 };
}

/** Ages of the last change in ns of program time, and how they are said. */
const ages: readonly (readonly [under: number, words: string, strength: number])[] = [
  [Number.POSITIVE_INFINITY, 'over 10 s ago', 0.1],
  [1e10, 'under 10 s ago', 0.24],
  [1e9, 'under 1 s ago', 0.4],
  [1e8, 'under 100 ms ago', 0.58],
  [1e7, 'under 10 ms ago', 0.78],
  [1e6, 'under 1 ms ago', 1],
];

/** What a colouring by change has to know beside a region itself, which keeps its mapping and its tag only. */
export interface Changes {
  readonly time: (row: number) => number;
  /** The instant that ages are counted from. */
  readonly now: number;
  /** How recently a range was given another protection: the number of its age, 0 for long ago or never. */
  readonly protectedAge: (start: number, end: number) => number;
}

/** Nothing is known to have changed: what the legend shows looks the same. */
const unchanged: Changes = { time: () => 0, now: 0, protectedAge: () => 0 };

/** The changes of a process up to row `upTo`, seen from an instant. */
export function changesOf(log: EventLog, pid: number, upTo: number, now: number): Changes {
  const rows = ages.slice(1).map(([under]) => log.indexAtTime(now - under));
  const after = protectedAfter(log, pid, rows, upTo);
  return { time: (row) => log.time(row), now, protectedAge: (start, end) => after(start, end) + 1 };
}

function byChange(inks: Inks, { time, now, protectedAge }: Changes): Looks {
  const list = ages.map(([, words, strength], i) => plain(words, String(i), mix(inks.panel, inks.ink, strength)));
  return {
    list,
    of: ({ mapped, tagged, start, end }) => {
      const age = now - time(Math.max(mapped, tagged));
      let found = protectedAge(start, end);
      for (let i = found + 1; i < ages.length; i++) if (age < (ages[i]?.[0] ?? 0)) found = i;
      return found;
    },
  };
}

/** The looks of a colouring. */
export function looksOf(colouring: Colouring, inks: Inks, changes = unchanged): Looks {
  if (colouring === 'protection') return byProtection(inks);
  if (colouring === 'owner') return byOwner(inks);
  return colouring === 'change' ? byChange(inks, changes) : byKey(inks);
}

const channels = (hex: string): [number, number, number] => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];

/** `share` of `b` in `a`. */
export function mix(a: string, b: string, share: number): string {
  const [from, to] = [channels(a), channels(b)];
  const part = (i: 0 | 1 | 2): string =>
    Math.round(from[i] + (to[i] - from[i]) * share)
      .toString(16)
      .padStart(2, '0');
  return `#${part(0)}${part(1)}${part(2)}`;
}

/** A colour as a pixel of ImageData on a little-endian machine. */
export function pixel(hex: string): number {
  const [r, g, b] = channels(hex);
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
