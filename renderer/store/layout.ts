import type { PresetName } from '../../core/contract/policies.ts';
import type { Slice } from './store.ts';

export type Theme = 'dark' | 'light';
export type View = 'map' | 'tls' | 'segments' | 'keys';
export type BottomView = 'timelines' | 'rate' | 'findings' | 'output';
export type Panel = 'left' | 'right' | 'bottom';

/** The form of the window: what a person arranged. Kept between visits, apart from the session. */
export interface LayoutSlice {
  readonly theme: Theme;
  readonly view: View;
  readonly bottomView: BottomView;
  readonly sizes: Readonly<Record<Panel, number>>;
  /** The policy whose plan is drawn over the map and the TLS view. */
  readonly overlay: PresetName;
  readonly sheetOpen: boolean;
  readonly paletteOpen: boolean;
  /** The menu of events that pause the program. */
  readonly pauseOnOpen: boolean;
  readonly openPalette: (open: boolean) => void;
  readonly openPauseOn: (open: boolean) => void;
  /** The launch screen was asked for while a session is there. */
  readonly launching: boolean;
  readonly setTheme: (theme: Theme) => void;
  readonly setView: (view: View) => void;
  readonly setBottomView: (view: BottomView) => void;
  readonly resetSizes: () => void;
  readonly setSize: (panel: Panel, size: number) => void;
  readonly setOverlay: (policy: PresetName) => void;
  /** The question before a kill is on screen. */
  readonly askingKill: boolean;
  readonly askKill: (asking: boolean) => void;
  /** The policy menu is open; its plan is that of `overlay`. */
  readonly policyOpen: boolean;
  readonly openPolicy: (open: boolean, policy?: PresetName) => void;
  readonly setSheet: (open: boolean) => void;
  readonly setLaunching: (launching: boolean) => void;
  /** What was done just now, or why it was not, in words; null once it has been said. */
  readonly told: string | null;
  readonly tell: (words: string | null) => void;
}

export const defaultSizes: Readonly<Record<Panel, number>> = { left: 248, right: 372, bottom: 256 };
export const sizeLimits: Readonly<Record<Panel, readonly [min: number, max: number]>> = {
  left: [200, 420],
  right: [300, 620],
  bottom: [140, 560],
};

/** The part of the layout that outlives the page. */
export const persistedLayout = (state: LayoutSlice): Partial<LayoutSlice> => ({
  theme: state.theme,
  sizes: state.sizes,
  overlay: state.overlay,
});

export const layoutSlice =
  (preferred: Theme): Slice<LayoutSlice> =>
  (set) => ({
    theme: preferred,
    view: 'map',
    bottomView: 'timelines',
    sizes: defaultSizes,
    overlay: 'split',
    sheetOpen: false,
    paletteOpen: false,
    pauseOnOpen: false,
    openPalette: (paletteOpen) => set({ paletteOpen }),
    openPauseOn: (pauseOnOpen) => set({ pauseOnOpen }),
    launching: false,
    askingKill: false,
    policyOpen: false,
    openPolicy: (policyOpen, policy) => set(policy ? { policyOpen, overlay: policy } : { policyOpen }),
    askKill: (askingKill) => set({ askingKill }),
    setTheme: (theme) => set({ theme }),
    setView: (view) => set({ view }),
    setBottomView: (bottomView) => set({ bottomView }),
    resetSizes: () => set({ sizes: defaultSizes }),
    setSize: (panel, size) => set((state) => ({ sizes: { ...state.sizes, [panel]: size } })),
    setOverlay: (overlay) => set({ overlay }),
    setSheet: (sheetOpen) => set({ sheetOpen }),
    setLaunching: (launching) => set({ launching }),
    told: null,
    tell: (told) => set({ told }),
  });
