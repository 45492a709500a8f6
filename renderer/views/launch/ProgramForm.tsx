import { type FormEvent, type ReactNode, useState } from 'react';
import type { LaunchFile } from '../../../core/contract/launch.ts';
import { type PauseKind, pauseKinds, ruleWords } from '../../../core/contract/pause.ts';
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
import { pauseWord } from '../../store/selectors/pauseWords.ts';
import { launchProgram } from '../../store/session.ts';
import { useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';
import { Check, Field, TextField } from '../../widgets/field.tsx';
import { fieldWord } from '../../widgets/glossary.ts';
import { Term } from '../../widgets/term.tsx';
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
  return (
    <section aria-label="Program">
      <h2>Program</h2>
      <form className="launch-form" onSubmit={submit}>
        <TextField
          label="Program, a path or a name on PATH"
          of={fieldWord('program')}
          value={program}
          onChange={setProgram}
          placeholder="/usr/bin/dav1d"
        />
        <TextField label="Arguments" of={fieldWord('args')} value={line} onChange={setLine} placeholder="--version" />
        <details className="launch-more">
          <summary>Compartments, environment and the rest of a launch file</summary>
          <More fields={more} set={setMore} />
        </details>
        <PolicyChoice choice={policy} onChoose={setPolicy} />
        {policy === OWN ? <OwnPolicy text={own} onText={setOwn} read={action.run} /> : null}
        <Button className="launch-submit" type="submit" disabled={action.busy || program.trim() === ''}>
          Launch program
        </Button>
      </form>
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
    </section>
  );
}

interface MoreProps {
  readonly fields: MoreFields;
  readonly set: (fields: MoreFields) => void;
}

function More({ fields, set }: MoreProps): ReactNode {
  const pauseOn = (kind: PauseKind, wanted: boolean): void =>
    set({
      ...fields,
      pauseOn: wanted ? [...fields.pauseOn, kind] : fields.pauseOn.filter((other) => other !== kind),
    });
  return (
    <div className="launch-form">
      <TextField
        label="Compartments, a JSON list of {key, name, modules}"
        of={fieldWord('compartments')}
        rows={3}
        value={fields.compartments}
        onChange={(compartments) => set({ ...fields, compartments })}
        placeholder='[{"key": 1, "name": "decoder", "modules": ["libdav1d.so.*"]}]'
      />
      <TextField
        label="Environment, NAME=value a line"
        of={fieldWord('env')}
        rows={3}
        value={fields.env}
        onChange={(env) => set({ ...fields, env })}
        placeholder="LANG=C"
      />
      <TextField
        label="Working folder"
        of={fieldWord('cwd')}
        value={fields.cwd}
        onChange={(cwd) => set({ ...fields, cwd })}
        placeholder="where Keyhole runs"
      />
      <div className="launch-choices">
        {launchChoices.map(({ field, label, values }) => (
          <Field key={field} label={label} of={fieldWord(field)}>
            {(id) => (
              <select
                id={id}
                className="field"
                value={fields.chosen[field] ?? ''}
                onChange={(event) => set({ ...fields, chosen: { ...fields.chosen, [field]: event.target.value } })}
              >
                <option value="">by default</option>
                {values.map((value) => (
                  <option key={value}>{value}</option>
                ))}
              </select>
            )}
          </Field>
        ))}
      </div>
      <fieldset className="launch-pause">
        <legend className="field-label">
          <Term of={fieldWord('pauseOn')}>Pause on</Term>
        </legend>
        {pauseKinds.map((kind) => (
          <Check
            key={kind}
            label={ruleWords(kind)}
            of={pauseWord(kind)}
            checked={fields.pauseOn.includes(kind)}
            onChange={(wanted) => pauseOn(kind, wanted)}
          />
        ))}
      </fieldset>
    </div>
  );
}
