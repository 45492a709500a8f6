import { createContext, useContext } from 'react';
import { createStore, type StateCreator, type StoreApi, useStore } from 'zustand';
import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import type { Link } from '../host.ts';
import { type ConnectionSlice, connectionSlice } from './connection.ts';
import { type HistorySlice, historySlice } from './history.ts';
import { type LayoutSlice, layoutSlice, persistedLayout, type Theme } from './layout.ts';
import { type MapViewSlice, mapViewSlice, persistedMap } from './mapView.ts';
import { type SelectionSlice, selectionSlice } from './selection.ts';

/** Everything the window knows that is not derived from the log. */
export type State = ConnectionSlice & HistorySlice & SelectionSlice & MapViewSlice & LayoutSlice;

export type Slice<T> = StateCreator<State, [], [], T>;
export type Store = StoreApi<State>;

/** The browser's storage, written only when the layout really changed: the store changes with every frame. */
function quietStorage(): StateStorage {
  let last: string | null = null;
  return {
    getItem: (name) => localStorage.getItem(name),
    setItem: (name, value) => {
      if (value !== last) localStorage.setItem(name, value);
      last = value;
    },
    removeItem: (name) => localStorage.removeItem(name),
  };
}

type Kept = Partial<LayoutSlice & MapViewSlice>;

/** One store per window. The layout and the map's settings outlive it in the browser's storage. */
export function createWindowStore(link: Link, preferred: Theme): Store {
  return createStore<State>()(
    persist<State, [], [], Kept>(
      (...args) => ({
        ...layoutSlice(preferred)(...args),
        ...selectionSlice(...args),
        ...mapViewSlice(...args),
        ...historySlice(...args),
        ...connectionSlice(link)(...args),
      }),
      {
        name: 'keyhole-layout',
        version: 1,
        partialize: (state) => ({ ...persistedLayout(state), ...persistedMap(state) }),
        storage: createJSONStorage(quietStorage),
      },
    ),
  );
}

const StoreContext = createContext<Store | null>(null);
export const StoreProvider = StoreContext.Provider;

/** The store itself, for handlers that read the state when they run. */
export function useStoreApi(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error('no store above this component');
  return store;
}

/** A part of the state; the component renders again when that part changes. */
export const useKeyhole = <T>(select: (state: State) => T): T => useStore(useStoreApi(), select);
