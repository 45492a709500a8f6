import { Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { EventIndex } from '../../../core/contract/ids.ts';
import type { Explanation } from '../../../core/model/explain.ts';
import { copy } from '../../store/copy.ts';
import { type FaultAction, faultActions } from '../../store/faultActions.ts';
import { gdbCommand } from '../../store/selectors/callers.ts';
import { isPreset } from '../../store/selectors/policyWords.ts';
import { useCanControl, useIsLive, useLatest } from '../../store/shown.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { copies } from '../../widgets/value.tsx';
import { Question } from './Question.tsx';

interface FaultActionsProps {
  readonly explanation: Explanation;
  readonly index: EventIndex;
}

/** What can be done about a fault. Whatever changes the program asks first and leaves a record in the log. */
export function FaultActions({ explanation, index }: FaultActionsProps): ReactNode {
  const store = useStoreApi();
  const select = useKeyhole((s) => s.select);
  const setView = useKeyhole((s) => s.setView);
  const openPolicy = useKeyhole((s) => s.openPolicy);
  const canControl = useCanControl();
  const live = useIsLive();
  const latest = useLatest();
  const [asked, ask] = useState<FaultAction | 'gdb' | null>(null);
  const { fix, sentence, site } = explanation;
  const apply = fix?.policy === latest.policy?.name ? null : fix?.policy;
  const { thread } = site;
  return (
    <>
      {apply && isPreset(apply) ? (
        <Button variant="primary" onClick={() => openPolicy(true, apply)}>
          Apply {apply}…
        </Button>
      ) : null}
      {canControl
        ? faultActions(latest, explanation, index).map((action) => (
            <Button
              key={action.name}
              disabled={!live}
              title={live ? action.question : 'The past is read-only: go live first'}
              onClick={() => ask(action)}
            >
              {action.name}
            </Button>
          ))
        : null}
      <Button title="Stop here for gdb, or the command that brings gdb here" onClick={() => ask('gdb')}>
        gdb…
      </Button>
      {thread ? (
        <Button
          shortcut="T"
          onClick={() => {
            select({ kind: 'thread', tid: thread.tid });
            setView('tls');
          }}
        >
          TLS of T{thread.number}
        </Button>
      ) : null}
      <Button aria-label="Copy sentence" title="Copy the sentence" onClick={() => void copy(store, sentence)}>
        <Copy size={13} aria-hidden="true" />
      </Button>
      {asked === 'gdb' ? (
        <Debugger explanation={explanation} onClose={() => ask(null)} />
      ) : asked ? (
        <Question
          title={asked.question}
          words={asked.words}
          action={asked.name.replace('…', '')}
          command={asked.command}
          onClose={() => ask(null)}
        />
      ) : null}
    </>
  );
}

/** An attached process is left stopped for gdb; a launched one cannot be let go of, so gdb runs it anew to this place. */
function Debugger({ explanation, onClose }: { explanation: Explanation; onClose: () => void }): ReactNode {
  const store = useStoreApi();
  const command = useKeyhole((s) => s.command);
  const { session } = useLatest();
  const canControl = useCanControl();
  const live = useIsLive();
  const run = useAction();
  const line = gdbCommand(session, explanation.facts);
  const attached = session?.attached !== undefined;
  const mayLeave = attached && canControl;
  return (
    <Dialog
      title="Stop here for gdb"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          {line ? (
            <Button variant={mayLeave ? 'plain' : 'primary'} onClick={() => void copy(store, line)}>
              Copy the command
            </Button>
          ) : null}
          {mayLeave ? (
            <Button
              variant="primary"
              disabled={!live || run.busy}
              onClick={() =>
                run.run(async () => {
                  await command({ do: 'detach', stopped: true });
                  onClose();
                })
              }
            >
              Leave it stopped
            </Button>
          ) : null}
        </>
      }
    >
      <p className="ink2">
        {mayLeave
          ? 'Keyhole gives pages and rights back as it found them, stops the process with SIGSTOP and lets go of it. Then run:'
          : attached
            ? 'The process is no longer held by Keyhole. If it is still there:'
            : 'A process has one tracer only, and a program launched by Keyhole cannot be let go of. gdb runs it anew to this instruction; without Keyhole nothing is denied there, the breakpoint stands for the fault.'}
      </p>
      <pre className="mono detail" {...copies(line ?? '', 'the command for a shell')}>
        {line ?? 'The session has no facts of the program.'}
      </pre>
      {run.error ? <Failure text={run.error} onDismiss={run.clear} /> : null}
    </Dialog>
  );
}
