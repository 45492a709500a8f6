import type { ReactNode } from 'react';
import { type PresetName, presetNames } from '../../../core/contract/policies.ts';
import { OWN } from '../../store/selectors/launchForm.ts';
import { presetWords } from '../../store/selectors/policyWords.ts';
import { Field, TextField } from '../../widgets/field.tsx';
import { FilePicker } from '../../widgets/filePicker.tsx';
import { fieldWord, OWN_POLICY } from '../../widgets/glossary.ts';

interface PolicyChoiceProps {
  readonly choice: PresetName | typeof OWN;
  readonly onChoose: (choice: PresetName | typeof OWN) => void;
}

/** A preset, or a policy of one's own; each option says what it leaves shared. */
export function PolicyChoice({ choice, onChoose }: PolicyChoiceProps): ReactNode {
  return (
    <Field label="Policy" of={fieldWord('policy')}>
      {(id) => (
        <select
          id={id}
          className="field"
          value={choice}
          onChange={(event) => onChoose(presetNames.find((name) => name === event.target.value) ?? OWN)}
        >
          {presetNames.map((name) => (
            <option key={name} value={name}>
              {name}, {presetWords[name]}
            </option>
          ))}
          <option>{OWN}</option>
        </select>
      )}
    </Field>
  );
}

interface OwnPolicyProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Reads a file on this machine and says what went wrong. */
  readonly read: (work: () => Promise<void>) => void;
}

/** A policy as a launch file writes it: typed here, or read from a file. */
export function OwnPolicy({ text, onText, read }: OwnPolicyProps): ReactNode {
  return (
    <div className="launch-own">
      <TextField
        label="Policy as a launch file writes it, with name, carveOuts, maxCarveOuts, startupTcb"
        of={OWN_POLICY}
        rows={6}
        value={text}
        onChange={onText}
      />
      <FilePicker label="Policy file" accept=".json" onPick={(file) => read(async () => onText(await file.text()))}>
        Read it from a file…
      </FilePicker>
    </div>
  );
}
