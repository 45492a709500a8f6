import { FolderOpen, Save } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { openSnapshot, saveSnapshot } from '../../store/session.ts';
import { useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';

/** How long a success stays in words. */
const TOLD_MS = 6000;

/** Pick a snapshot file and open it in place of the session. */
export function OpenSnapshot({ icon }: { icon?: boolean }): ReactNode {
  const store = useStoreApi();
  const input = useRef<HTMLInputElement>(null);
  const action = useAction();
  return (
    <div className="snapshot">
      <Button
        aria-label="Open snapshot"
        title="Open snapshot"
        disabled={action.busy}
        onClick={() => input.current?.click()}
      >
        <FolderOpen size={13} aria-hidden="true" />
        {icon ? null : 'Open snapshot'}
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
export function SaveSnapshot({ disabled, icon }: { disabled: boolean; icon?: boolean }): ReactNode {
  const store = useStoreApi();
  const action = useAction();
  const [told, setTold] = useState<string | null>(null);
  useEffect(() => {
    if (told === null) return;
    const timer = setTimeout(() => setTold(null), TOLD_MS);
    return () => clearTimeout(timer);
  }, [told]);
  return (
    <div className="snapshot">
      <Button
        aria-label="Save snapshot"
        title="Save snapshot"
        disabled={disabled || action.busy}
        onClick={() => action.run(async () => setTold(await saveSnapshot(store)))}
      >
        <Save size={13} aria-hidden="true" />
        {icon ? null : 'Save snapshot'}
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
