import type { ReactNode } from 'react';
import { useLatest } from '../../store/shown.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { Button } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { open } from './useDrop.ts';

/** Asks before something that was dropped takes the place of a program that runs. */
export function Dropped(): ReactNode {
  const store = useStoreApi();
  const { session } = useLatest();
  const file = useKeyhole((s) => s.dropped);
  const ask = useKeyhole((s) => s.askDropped);
  if (file === null) return null;
  return (
    <Dialog
      title={`Open ${file.name}?`}
      onClose={() => ask(null)}
      actions={
        <>
          <Button onClick={() => ask(null)}>Leave it</Button>
          <Button
            variant="primary"
            onClick={() => {
              ask(null);
              open(store, file);
            }}
          >
            Open {file.name}
          </Button>
        </>
      }
    >
      <p className="ink2">
        {session?.attached
          ? 'The program that is watched now is let go of, as it was found; it runs on. What was not saved of its log is gone.'
          : 'The program that runs now is ended. What was not saved of its log is gone.'}
      </p>
    </Dialog>
  );
}
