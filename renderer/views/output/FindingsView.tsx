import { type ReactNode, useMemo, useState } from 'react';
import { findings, MODEL_DIFFERS } from '../../../core/model/findings.ts';
import { useCanControl, useWorld } from '../../store/shown.ts';
import { showEvent } from '../../store/steps.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Empty, Failure } from '../../widgets/controls.tsx';
import { plural } from '../../widgets/format.ts';
import { Address, Time } from '../../widgets/value.tsx';

/** What should be looked at: the engine's findings and those of the log, up to the instant shown. */
export function FindingsView(): ReactNode {
  const store = useStoreApi();
  const log = useKeyhole((s) => s.log);
  const world = useWorld();
  const { counts } = world;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only these rows can make a finding
  const all = useMemo(() => findings(log), [log, counts.finding, counts.map]);
  const found = all.filter((finding) => finding.event <= world.index);
  return (
    <section className="findings" aria-label="Findings">
      <KernelCheck differing={found.filter((finding) => finding.class === MODEL_DIFFERS).length} />
      {found.length === 0 ? (
        <Empty title="Nothing found so far">
          Unpadded TLS, keys lost to a new mapping, and differences from the kernel’s own view are listed here.
        </Empty>
      ) : null}
      <ul>
        {found.map((finding, i) => (
          // Several findings may come from one event; their order is fixed.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={i}>
            <button type="button" className="finding" onClick={() => showEvent(store, finding.event)}>
              <span className="mono dim">
                <Time ns={log.time(finding.event)} />
              </span>
              <strong>{finding.class}</strong>
              <span>{finding.text}</span>
              {finding.range ? <Address at={finding.range.start} /> : <span />}
              <span className="dim">{finding.from === 'engine' ? 'seen' : 'from the log'}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Holds Keyhole's picture of the memory to the kernel's own list, now; a difference becomes a finding. */
function KernelCheck({ differing }: { differing: number }): ReactNode {
  const command = useKeyhole((s) => s.command);
  const { session } = useWorld();
  const canControl = useCanControl();
  const action = useAction();
  const [answer, setAnswer] = useState<string | null>(null);
  const held = checkWords(session?.verify === true, differing);
  if (!canControl) return <p className="kernel-check ink2">{held}</p>;
  const compare = async (): Promise<void> => {
    const differences = (await command({ do: 'verify' })) as readonly unknown[];
    setAnswer(
      differences.length === 0
        ? 'The kernel’s list agrees: no difference.'
        : `${plural(differences.length, 'difference')}, listed here.`,
    );
  };
  return (
    <div className="kernel-check">
      <Button disabled={action.busy} onClick={() => action.run(compare)}>
        Compare with the kernel
      </Button>
      <span role="status" className="ink2">
        {answer ?? held}
      </span>
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
    </div>
  );
}

/** What is known of the comparison without asking: a run that nobody compared says so. */
function checkWords(atEveryStop: boolean, differing: number): string {
  if (differing > 0) return `${plural(differing, 'difference')} from the kernel’s own list, listed here.`;
  return atEveryStop
    ? 'Compared with the kernel’s own list at every stop: no difference.'
    : 'Not compared with the kernel’s own list at every stop; record --verify does that.';
}
