import { type FormEvent, type ReactNode, useState } from 'react';
import { launchFile } from '../../store/session.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';

/** A launch file by its path, and the ones opened before. */
export function FileForm(): ReactNode {
  const store = useStoreApi();
  const recent = useKeyhole((s) => s.recent);
  const [path, setPath] = useState('');
  const action = useAction();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    action.run(() => launchFile(store, path.trim()));
  };
  return (
    <section aria-label="Launch file">
      <h2>Launch file</h2>
      <form className="launch-form" onSubmit={submit}>
        <label>
          <span>Path on the machine that runs the session</span>
          <span className="launch-line">
            <input
              className="field mono"
              value={path}
              placeholder="/path/to/launch.json"
              spellCheck={false}
              onChange={(event) => setPath(event.target.value)}
            />
            <Button type="submit" disabled={action.busy || path.trim() === ''}>
              Launch
            </Button>
          </span>
        </label>
      </form>
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
      {recent.length > 0 ? (
        <>
          <h3>Recent</h3>
          <ul aria-label="Recent launches">
            {recent.map((file) => (
              <li key={file}>
                <button
                  type="button"
                  className="launch-row"
                  disabled={action.busy}
                  onClick={() => action.run(() => launchFile(store, file))}
                >
                  <span className="clip mono">{file}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
