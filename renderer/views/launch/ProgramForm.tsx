import { type FormEvent, type ReactNode, useState } from 'react';
import { launchFileSchema } from '../../../core/contract/launch.ts';
import { type PresetName, presetNames } from '../../../core/contract/policies.ts';
import { splitWords } from '../../store/files.ts';
import { launchProgram } from '../../store/session.ts';
import { useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';

/** A program typed by hand: its keys and gates are its own. */
export function ProgramForm(): ReactNode {
  const store = useStoreApi();
  const [program, setProgram] = useState('');
  const [line, setLine] = useState('');
  const [policy, setPolicy] = useState<PresetName>('observe');
  const action = useAction();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    action.run(async () =>
      launchProgram(store, launchFileSchema.parse({ program: program.trim(), args: splitWords(line), policy })),
    );
  };
  return (
    <section aria-label="Program">
      <h2>Program</h2>
      <form className="launch-form" onSubmit={submit}>
        <label>
          <span>Program, a path or a name on PATH</span>
          <input
            className="field mono"
            value={program}
            placeholder="/usr/bin/dav1d"
            spellCheck={false}
            onChange={(event) => setProgram(event.target.value)}
          />
        </label>
        <label>
          <span>Arguments</span>
          <input
            className="field mono"
            value={line}
            placeholder="--version"
            spellCheck={false}
            onChange={(event) => setLine(event.target.value)}
          />
        </label>
        <div className="launch-line">
          <label>
            <span>Policy</span>
            <select
              className="field"
              value={policy}
              onChange={(event) => setPolicy(presetNames.find((name) => name === event.target.value) ?? 'observe')}
            >
              {presetNames.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <Button type="submit" disabled={action.busy || program.trim() === ''}>
            Launch program
          </Button>
        </div>
      </form>
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
      <p className="dim">
        Its compartments are the ones it makes with its own keys. To split modules it was not built for, write a launch
        file.
      </p>
    </section>
  );
}
