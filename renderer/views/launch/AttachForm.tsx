import { type ReactNode, useState } from 'react';
import type { ProcessInfo } from '../../../core/contract/commands.ts';
import { attachTo, listProcesses } from '../../store/session.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Choices } from './Choices.tsx';
import { OneField } from './OneField.tsx';

/** Processes offered for what has been typed. */
const SHOWN = 8;

/** Those whose number or name begins with the word, or whose command line holds it. */
const matching = (all: readonly ProcessInfo[], word: string): readonly ProcessInfo[] =>
  word === ''
    ? []
    : all.filter(({ pid, name, line }) => String(pid).startsWith(word) || name.startsWith(word) || line.includes(word));

/** A process that runs already, by number or name. */
export function AttachForm(): ReactNode {
  const store = useStoreApi();
  const hasPku = useKeyhole((s) => s.hasPku);
  const [word, setWord] = useState('');
  const [all, setAll] = useState<readonly ProcessInfo[]>([]);
  const asked = all.length > 0 && word.trim() !== '';
  const action = useAction();
  const offered = matching(all, word.trim()).slice(0, SHOWN);
  const number = /^\d+$/.test(word.trim()) ? Number(word) : null;
  const pid = number ?? (offered.length === 1 ? (offered[0]?.pid ?? null) : null);
  const attach = (to: number): void => action.run(() => attachTo(store, to));
  return (
    <OneField
      title="Running process"
      label="Number or name of one of your processes"
      placeholder="1234"
      button="Attach"
      value={word}
      onChange={setWord}
      ready={pid !== null}
      action={action}
      onSubmit={() => pid !== null && attach(pid)}
      onFocus={() => action.run(async () => setAll(await listProcesses(store)))}
    >
      <Choices
        label="Processes"
        busy={action.busy}
        choices={offered.map((one) => ({
          text: `${one.pid} ${one.name}`,
          title: one.line,
          choose: () => attach(one.pid),
        }))}
      />
      {asked && pid === null && offered.length === 0 ? (
        <p role="status">No process of yours has this name or holds it in its command line.</p>
      ) : null}
      <p className="dim">
        It runs on when you detach.
        {hasPku === false
          ? ' This CPU has no protection keys: the process is observed, and nothing is changed in it.'
          : ''}
      </p>
    </OneField>
  );
}
