import './waiting.css';
import type { ReactNode } from 'react';
import { control } from '../../store/session.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { waitingFor } from '../../store/waiting.ts';
import { Button, Failure } from '../../widgets/controls.tsx';
import { count, plural } from '../../widgets/format.ts';

/** Nothing was heard of the session yet: the window does not know whether there is one. */
export function NoWord(): ReactNode {
  const link = useKeyhole((s) => s.link);
  const reconnect = useKeyhole((s) => s.reconnect);
  return (
    <main className="waiting no-word" aria-label="Connecting">
      {link === 'lost' ? (
        <>
          <h2>The session cannot be reached</h2>
          <p className="ink2">
            Keyhole may have ended where it was started. Start it again with <code>bin/start</code> and open the address
            that it prints.
          </p>
          <Button onClick={reconnect}>Try again</Button>
        </>
      ) : (
        <h2>Connecting to the session…</h2>
      )}
    </main>
  );
}

/** In place of a view: what is under way before it can show anything, how far it is, and how to leave it. */
export function Waiting(): ReactNode {
  const store = useStoreApi();
  const waiting = useKeyhole(waitingFor);
  const title = useKeyhole((s) => ('title' in s.source ? s.source.title : ''));
  const rows = useKeyhole((s) => (s.source.kind === 'snapshot' ? s.source.rows : 0));
  const there = useKeyhole((s) => s.reading ?? 0);
  const lost = useKeyhole((s) => s.link === 'lost');
  const action = useAction();
  if (lost) return <p className="waiting ink2">The connection was lost before anything of {title} had arrived.</p>;
  return (
    <section className="waiting" aria-label="Under way">
      <h2>{waiting === 'log' ? `Reading ${title}…` : `Waiting for the first events of ${title}…`}</h2>
      {waiting === 'log' ? (
        <>
          <progress value={there} max={rows} aria-label={`Events of ${title} that are there`} />
          <p className="dim">
            {count(there)} of {plural(rows, 'event')}
          </p>
        </>
      ) : (
        <p className="dim">Its modules, symbols and thread-local storage are read first.</p>
      )}
      <Button disabled={action.busy} onClick={() => action.run(() => control(store, 'close'))}>
        Cancel
      </Button>
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
    </section>
  );
}

/** In place of any other panel meanwhile: what will stand there. */
export function Awaited({ children }: { children: ReactNode }): ReactNode {
  return <p className="awaited dim">{children}</p>;
}
