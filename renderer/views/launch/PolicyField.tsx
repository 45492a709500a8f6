import { type ReactNode, useId } from 'react';
import { type PresetName, presetNames } from '../../../core/contract/policies.ts';
import { OWN } from '../../store/selectors/launchForm.ts';
import { FilePicker } from '../../widgets/filePicker.tsx';

interface PolicyChoiceProps {
  readonly choice: PresetName | typeof OWN;
  readonly onChoose: (choice: PresetName | typeof OWN) => void;
}

/** A preset, or a policy of one's own. */
export function PolicyChoice({ choice, onChoose }: PolicyChoiceProps): ReactNode {
  return (
    <label>
      <span>Policy</span>
      <select
        className="field"
        value={choice}
        onChange={(event) => onChoose(presetNames.find((name) => name === event.target.value) ?? OWN)}
      >
        {[...presetNames, OWN].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
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
  const id = useId();
  return (
    <div className="launch-own">
      <label htmlFor={id}>
        <span>Policy as a launch file writes it: name, carveOuts, maxCarveOuts, startupTcb</span>
      </label>
      <textarea
        id={id}
        className="field mono launch-area"
        rows={6}
        value={text}
        spellCheck={false}
        onChange={(event) => onText(event.target.value)}
      />
      <FilePicker label="Policy file" accept=".json" onPick={(file) => read(async () => onText(await file.text()))}>
        Read it from a file…
      </FilePicker>
    </div>
  );
}
