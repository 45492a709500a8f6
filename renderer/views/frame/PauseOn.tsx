import { ChevronDown, X } from 'lucide-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { PAGE } from '../../../core/contract/ids.ts';
import { type PauseRule, pauseKinds, rangeOf, rangeRule, ruleWords } from '../../../core/contract/pause.ts';
import { pauseWord } from '../../store/selectors/pauseWords.ts';
import { useCanControl, useLatest } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { useFocus } from '../../store/useFocus.ts';
import { Button, Failure } from '../../widgets/controls.tsx';
import { Check, TextField } from '../../widgets/field.tsx';
import { fieldWord } from '../../widgets/glossary.ts';
import { Popover } from '../../widgets/popover.tsx';

/** Which events pause the program by themselves; what the log says is set, set and cleared. */
export function PauseOn(): ReactNode {
  const open = useKeyhole((s) => s.pauseOnOpen);
  const setOpen = useKeyhole((s) => s.openPauseOn);
  const { pauseOn } = useLatest();
  const canControl = useCanControl();
  return (
    <Popover
      open={open && canControl}
      onOpen={setOpen}
      name="Pause on events"
      className="button button-plain"
      disabled={!canControl}
      title={pauseOn.length === 0 ? 'Pause on events' : `Pauses on ${pauseOn.map(ruleWords).join(', ')}`}
      label={
        <>
          On…
          {pauseOn.length > 0 ? <strong>{pauseOn.length}</strong> : null}
          <span className="visually-hidden">events that stop the program</span>
          <ChevronDown size={11} aria-hidden="true" />
        </>
      }
    >
      {() => <Rules rules={pauseOn} />}
    </Popover>
  );
}

function Rules({ rules: inForce }: { rules: readonly PauseRule[] }): ReactNode {
  const command = useKeyhole((s) => s.command);
  const action = useAction();
  const { addr } = useFocus();
  const [text, setText] = useState('');
  // What was asked for stands until the log says what is in force.
  const [asked, ask] = useState<readonly PauseRule[] | null>(null);
  const rules = asked ?? inForce;
  const set = (next: readonly PauseRule[]): void => {
    ask(next);
    action.run(async () => {
      try {
        await command({ do: 'pause-on', rules: [...new Set(next)] });
      } finally {
        ask(null);
      }
    });
  };
  const page = addr === null ? null : addr - (addr % PAGE);
  const typed = typedRange(text);
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (typed === null) return;
    set([...rules, typed]);
    setText('');
  };
  return (
    <div className="pause-on">
      <p className="ink2">The program stops before anything comes of such an event.</p>
      {pauseKinds.map((kind) => (
        <Check
          key={kind}
          label={ruleWords(kind)}
          of={pauseWord(kind)}
          checked={rules.includes(kind)}
          disabled={action.busy}
          onChange={(wanted) => set(wanted ? [...rules, kind] : rules.filter((rule) => rule !== kind))}
        />
      ))}
      <ul aria-label="Ranges of addresses">
        {rules.filter(rangeOf).map((rule) => (
          <li key={rule}>
            <span className="mono">{rule}</span>
            <button
              type="button"
              className="icon-button"
              aria-label={`Do not pause on ${rule}`}
              onClick={() => set(rules.filter((other) => other !== rule))}
            >
              <X size={12} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={add}>
        <TextField
          label="Mapping, protection, tag or fault in a range"
          of={fieldWord('pauseOn')}
          value={text}
          onChange={setText}
          placeholder="0x7f0000001000-0x7f0000003000"
        />
        <div className="pause-on-actions">
          <Button type="submit" disabled={typed === null || action.busy}>
            Add range
          </Button>
          <Button
            disabled={page === null || action.busy}
            onClick={() => page !== null && set([...rules, rangeRule(page, page + PAGE)])}
          >
            Add the page in focus
          </Button>
        </div>
      </form>
      {text.trim() !== '' && typed === null ? (
        <p className="dim">Two addresses, 0xSTART-0xEND, start below end.</p>
      ) : null}
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
    </div>
  );
}

/** What was typed as a rule; null when it is none. */
function typedRange(text: string): PauseRule | null {
  const rule = text.trim().toLowerCase();
  const range = rangeOf(rule);
  return range && range.start < range.end ? rule : null;
}
