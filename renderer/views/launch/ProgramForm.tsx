import { type FormEvent, type ReactNode, useState } from 'react';
import type { LaunchFile } from '../../../core/contract/launch.ts';
import { pauseKinds, ruleWords } from '../../../core/contract/pause.ts';
import type { PresetName } from '../../../core/contract/policies.ts';
import { splitWords } from '../../store/files.ts';
import {
  formLaunch,
  formPolicy,
  launchChoices,
  type MoreFields,
  noMore,
  OWN,
  ownPolicy,
} from '../../store/selectors/launchForm.ts';
import { launchProgram } from '../../store/session.ts';
import { useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';
import { OwnPolicy, PolicyChoice } from './PolicyField.tsx';

/** A program typed by hand, with everything that a launch file can say. */
export function ProgramForm(): ReactNode {
  const store = useStoreApi();
  const [program, setProgram] = useState('');
  const [line, setLine] = useState('');
  const [policy, setPolicy] = useState<PresetName | typeof OWN>('observe');
  const [own, setOwn] = useState(ownPolicy);
  const [more, setMore] = useState<MoreFields>(noMore);
  const action = useAction();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    action.run(async () => {
      const launch: LaunchFile = {
        program: program.trim(),
        args: splitWords(line),
        policy: formPolicy(policy, own),
        ...formLaunch(more),
      };
      await launchProgram(store, launch);
    });
  };
  const text = (label: string, value: string, set: (value: string) => void, placeholder: string): ReactNode => (
    <label>
      <span>{label}</span>
      <input
        className="field mono"
        value={value}
        placeholder={placeholder}
        spellCheck={false}
        onChange={(event) => set(event.target.value)}
      />
    </label>
  );
  return (
    <section aria-label="Program">
      <h2>Program</h2>
      <form className="launch-form" onSubmit={submit}>
        {text('Program, a path or a name on PATH', program, setProgram, '/usr/bin/dav1d')}
        {text('Arguments', line, setLine, '--version')}
        <details className="launch-more">
          <summary>Compartments, environment and the rest of a launch file</summary>
          <More fields={more} set={setMore} text={text} />
        </details>
        {policy === OWN ? <OwnPolicy text={own} onText={setOwn} read={action.run} /> : null}
        <div className="launch-line">
          <PolicyChoice choice={policy} onChoose={setPolicy} />
          <Button type="submit" disabled={action.busy || program.trim() === ''}>
            Launch program
          </Button>
        </div>
      </form>
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
    </section>
  );
}

interface MoreProps {
  readonly fields: MoreFields;
  readonly set: (fields: MoreFields) => void;
  readonly text: (label: string, value: string, set: (value: string) => void, placeholder: string) => ReactNode;
}

function More({ fields, set, text }: MoreProps): ReactNode {
  const area = (label: string, value: string, change: (value: string) => void, placeholder: string): ReactNode => (
    <label>
      <span>{label}</span>
      <textarea
        className="field mono launch-area"
        rows={3}
        value={value}
        placeholder={placeholder}
        spellCheck={false}
        onChange={(event) => change(event.target.value)}
      />
    </label>
  );
  return (
    <div className="launch-form">
      {area(
        'Compartments, a JSON list of {key, name, modules}',
        fields.compartments,
        (compartments) => set({ ...fields, compartments }),
        '[{"key": 1, "name": "decoder", "modules": ["libdav1d.so.*"]}]',
      )}
      {area('Environment, NAME=value a line', fields.env, (env) => set({ ...fields, env }), 'LANG=C')}
      {text('Working folder', fields.cwd, (cwd) => set({ ...fields, cwd }), 'where Keyhole runs')}
      <div className="launch-choices">
        {launchChoices.map(({ field, label, values }) => (
          <label key={field}>
            <span>{label}</span>
            <select
              className="field"
              value={fields.chosen[field] ?? ''}
              onChange={(event) => set({ ...fields, chosen: { ...fields.chosen, [field]: event.target.value } })}
            >
              <option value="">by default</option>
              {values.map((value) => (
                <option key={value}>{value}</option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <fieldset className="launch-pause">
        <legend className="dim">Pause on</legend>
        {pauseKinds.map((kind) => (
          <label key={kind}>
            <input
              type="checkbox"
              checked={fields.pauseOn.includes(kind)}
              onChange={(event) =>
                set({
                  ...fields,
                  pauseOn: event.target.checked
                    ? [...fields.pauseOn, kind]
                    : fields.pauseOn.filter((other) => other !== kind),
                })
              }
            />
            {ruleWords(kind)}
          </label>
        ))}
      </fieldset>
    </div>
  );
}
