import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Link } from './host.ts';
import { createWindowStore, type Store, StoreProvider } from './store/store.ts';
import { App } from './views/frame/App.tsx';

/** Draw the window into `root`, over the given way to a session. Answers the store and how to take it all away. */
export function mount(root: HTMLElement, link: Link): { store: Store; unmount: () => void } {
  const preferred = window.matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
  const store = createWindowStore(link, preferred);
  const tree = createRoot(root);
  tree.render(
    <StrictMode>
      <StoreProvider value={store}>
        <App />
      </StoreProvider>
    </StrictMode>,
  );
  return { store, unmount: () => tree.unmount() };
}
