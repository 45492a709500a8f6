import { type FormEvent, type ReactNode, useState } from 'react';
import type { ProcessInfo } from '../../../core/contract/commands.ts';
import { attachTo, listProcesses } from '../../store/session.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';

/** Processes offered for what has been typed. */
const SHOWN = 8;

/** Those whose number or name begins with the word, or whose command line holds it. */
const matching = (all: readonly ProcessInfo[], word: string): readonly ProcessInfo[] =>
  all.filter(
    ({ pid, name, line }) =>
      String(pid).startsWith(word) || name.startsWith(word) || (word !== '' && line.includes(word)),
  );

/** A process that runs already, by number or name. */
export function AttachForm(): ReactNode {
  const store = useStoreApi();
  const hasPku = useKeyhole((s) => s.hasPku);
  const [word, setWord] = useState('');
  const [all, setAll] = useState<readonly ProcessInfo[]>([]);
  const action = useAction();
  const offered = matching(all, word.trim()).slice(0, SHOWN);
  const number = /^\d+$/.test(word.trim()) ? Number(word) : null;
  const pid = number ?? (offered.length === 1 ? (offered[0]?.pid ?? null) : null);
  const list = (): void => action.run(async () => setAll(await listProcesses(store)));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (pid !== null) action.run(() => attachTo(store, pid));
  };
  return (
    <section aria-label="Running process">
      <h2>Running process</h2>
      <form className="launch-form" onSubmit={submit}>
        <label>
          <span>Number or name of one of your processes</span>
          <span className="launch-line">
            <input
              className="field mono"
              value={word}
              placeholder="1234"
              spellCheck={false}
              onFocus={list}
              onChange={(event) => setWord(event.target.value)}
            />
            <Button type="submit" disabled={action.busy || pid === null}>
              Attach
            </Button>
          </span>
        </label>
      </form>
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
      {word.trim() !== '' && offered.length > 0 ? (
        <ul aria-label="Processes">
          {offered.map((one) => (
            <li key={one.pid}>
              <button
                type="button"
                className="launch-row"
                disabled={action.busy}
                title={one.line}
                onClick={() => action.run(() => attachTo(store, one.pid))}
              >
                <span className="clip mono">
                  {one.pid} {one.name}
                </span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <p className="dim">
        It runs on when you detach.
        {hasPku === false
          ? ' This CPU has no protection keys: the process is observed, and nothing is changed in it.'
          : ''}
      </p>
    </section>
  );
}
