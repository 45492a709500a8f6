import { useEffect } from 'react';
import { openDropped } from '../../store/drop.ts';
import { canControl } from '../../store/shown.ts';
import type { Store } from '../../store/store.ts';

/** Opens what was dropped, and says in the window what went wrong with it. */
export function open(store: Store, file: File): void {
  const { tellDropFailure } = store.getState();
  tellDropFailure(null);
  openDropped(store, file).catch((error: unknown) =>
    tellDropFailure(error instanceof Error ? error.message : String(error)),
  );
}

/** Files dropped anywhere on the window; text dragged into a field stays the field's. */
export function useDrop(store: Store): void {
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      if (canControl(store.getState())) store.getState().askDropped(file);
      else open(store, file);
    };
    document.addEventListener('dragover', over);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('drop', drop);
    };
  }, [store]);
}
