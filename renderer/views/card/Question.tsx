import type { ReactNode } from 'react';
import type { Command } from '../../../core/contract/commands.ts';
import { useKeyhole } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { Glossed } from '../../widgets/term.tsx';
import { copies } from '../../widgets/value.tsx';

interface QuestionProps {
  readonly title: string;
  /** What changes in the program, and what the log keeps of it. */
  readonly words: string;
  readonly action: string;
  /** What is done on a yes; null while the answer is not complete. */
  readonly command: Command | null;
  readonly onClose: () => void;
  /** Fields that complete the command. */
  readonly children?: ReactNode;
}

/** Words of the questions that can be looked up. */
const terms = ['key', 'tag', 'rights', 'gate', 'log', 'PKRU', 'compartment', 'carve-out'];

/** Asks before a change of the program, makes it, and says what became of it where it failed. */
export function Question({ title, words, action, command, onClose, children }: QuestionProps): ReactNode {
  const send = useKeyhole((s) => s.command);
  const run = useAction();
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button
            variant="primary"
            disabled={run.busy || command === null}
            onClick={() =>
              run.run(async () => {
                if (command) await send(command);
                onClose();
              })
            }
          >
            {action}
          </Button>
        </>
      }
    >
      {children}
      <p className="ink2" {...copies(words, 'the change in words')}>
        <Glossed text={words} words={terms} />
      </p>
      {run.error ? <Failure text={run.error} onDismiss={run.clear} /> : null}
    </Dialog>
  );
}
