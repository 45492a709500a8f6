import { FolderOpen, Save } from 'lucide-react';
import type { ReactNode } from 'react';
import { openSnapshot, saveSnapshot } from '../../store/session.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';
import { FilePicker } from '../../widgets/filePicker.tsx';

/** Pick a snapshot file and open it in place of the session. */
export function OpenSnapshot({ icon }: { icon?: boolean }): ReactNode {
  const store = useStoreApi();
  const reached = useKeyhole((s) => s.link === 'open');
  const action = useAction();
  return (
    <div className="snapshot">
      <FilePicker
        name="Open snapshot"
        label="Snapshot file"
        accept=".keyhole"
        disabled={action.busy || !reached}
        onPick={(file) => action.run(() => openSnapshot(store, file))}
      >
        <FolderOpen size={13} aria-hidden="true" />
        {icon ? null : 'Open snapshot'}
      </FilePicker>
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
    </div>
  );
}

/** Save the whole log to one file. */
export function SaveSnapshot({ disabled }: { disabled: boolean }): ReactNode {
  const store = useStoreApi();
  const reached = useKeyhole((s) => s.link === 'open');
  const tell = useKeyhole((s) => s.tell);
  const action = useAction();
  return (
    <div className="snapshot">
      <Button
        aria-label="Save snapshot"
        title="Save snapshot"
        disabled={disabled || action.busy || !reached}
        onClick={() => action.run(async () => tell(await saveSnapshot(store)))}
      >
        <Save size={13} aria-hidden="true" />
      </Button>
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
    </div>
  );
}
