import type { EventIndex } from '../../core/contract/ids.ts';
import type { Slice } from './store.ts';

/** From everything on one screen to one large cell a page. */
export const zooms = ['whole', 'strip', 'lines', 'cells', 'letters'] as const;
export type Zoom = (typeof zooms)[number];

/** What the colour of a page says. */
export const colourings = ['key', 'protection', 'owner', 'change'] as const;
export type Colouring = (typeof colourings)[number];

/** The part of it that outlives the page: what does not name a row or a key of one log. */
export const persistedMap = ({ zoom, colouring, byOwner, filter }: MapViewSlice): Partial<MapViewSlice> => ({
  zoom,
  colouring,
  byOwner,
  filter,
});

/** How the page map is drawn, and what of the address space it shows. */
export interface MapViewSlice {
  readonly zoom: Zoom;
  readonly colouring: Colouring;
  readonly byOwner: boolean;
  /** Keys whose memory is shown; none = every key's. */
  readonly keys: readonly number[];
  /** Only what was mapped or tagged after this row; null = everything. */
  readonly since: EventIndex | null;
  readonly filter: string;
  readonly setZoom: (zoom: Zoom) => void;
  readonly setColouring: (colouring: Colouring) => void;
  readonly setByOwner: (byOwner: boolean) => void;
  readonly toggleKey: (key: number) => void;
  readonly setSince: (since: EventIndex | null) => void;
  readonly setFilter: (filter: string) => void;
  /** Nothing left out any more. */
  readonly showAll: () => void;
}

export const mapViewSlice: Slice<MapViewSlice> = (set) => ({
  zoom: 'lines',
  colouring: 'key',
  byOwner: false,
  keys: [],
  since: null,
  filter: '',
  setZoom: (zoom) => set({ zoom }),
  setColouring: (colouring) => set({ colouring }),
  setByOwner: (byOwner) => set({ byOwner }),
  toggleKey: (key) =>
    set((state) => ({ keys: state.keys.includes(key) ? state.keys.filter((k) => k !== key) : [...state.keys, key] })),
  setSince: (since) => set({ since }),
  setFilter: (filter) => set({ filter }),
  showAll: () => set({ keys: [], since: null, filter: '' }),
});

/** One step nearer (1) or further away (-1); the same at either end. */
export const nextZoom = (zoom: Zoom, by: 1 | -1): Zoom => zooms[zooms.indexOf(zoom) + by] ?? zoom;
