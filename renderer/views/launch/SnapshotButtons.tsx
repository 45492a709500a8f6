import { FolderOpen, Save } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { openSnapshot, saveSnapshot } from '../../store/session.ts';
import { useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';

/** Pick a snapshot file and open it in place of the session. */
export function OpenSnapshot(): ReactNode {
  const store = useStoreApi();
  const input = useRef<HTMLInputElement>(null);
  const action = useAction();
  return (
    <div className="snapshot">
      <Button disabled={action.busy} onClick={() => input.current?.click()}>
        <FolderOpen size={13} aria-hidden="true" />
        Open snapshot
      </Button>
      <input
        ref={input}
        type="file"
        accept=".keyhole"
        hidden
        aria-label="Snapshot file"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) action.run(() => openSnapshot(store, file));
        }}
      />
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
    </div>
  );
}

/** Save the whole log to one file. */
export function SaveSnapshot({ disabled }: { disabled: boolean }): ReactNode {
  const store = useStoreApi();
  const action = useAction();
  const [told, setTold] = useState<string | null>(null);
  return (
    <div className="snapshot">
      <Button
        disabled={disabled || action.busy}
        onClick={() => action.run(async () => setTold(await saveSnapshot(store)))}
      >
        <Save size={13} aria-hidden="true" />
        Save snapshot
      </Button>
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
      {told ? (
        <p className="dim" role="status">
          {told}
        </p>
      ) : null}
    </div>
  );
}
