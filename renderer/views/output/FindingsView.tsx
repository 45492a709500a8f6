import { type ReactNode, useMemo } from 'react';
import { findings, lastComparison, MODEL_DIFFERS } from '../../../core/model/findings.ts';
import { useCanControl, useWorld } from '../../store/shown.ts';
import { showEvent } from '../../store/steps.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Empty, Failure } from '../../widgets/controls.tsx';
import { plural } from '../../widgets/format.ts';
import { Address, Time } from '../../widgets/value.tsx';
import { FindingClassLink } from '../ClassLink.tsx';

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
          Pages of two owners, keys lost to a new mapping, differences from the kernel’s own list and what else deserves
          a look are listed here.
        </Empty>
      ) : null}
      <ul>
        {found.map((finding, i) => (
          // Several findings may come from one event; their order is fixed.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={i} className="finding">
            <FindingClassLink of={finding.class} />
            <button type="button" className="finding-row" onClick={() => showEvent(store, finding.event)}>
              <span className="mono dim">
                <Time ns={log.time(finding.event)} />
              </span>
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

/** Holds Keyhole's picture of the memory to the kernel's own list, now; what came of it is in the log. */
function KernelCheck({ differing }: { differing: number }): ReactNode {
  const command = useKeyhole((s) => s.command);
  const world = useWorld();
  const log = useKeyhole((s) => s.log);
  const canControl = useCanControl();
  const action = useAction();
  const marks = world.counts.mark;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a mark can be a comparison
  const last = useMemo(() => lastComparison(log, world.index), [log, marks]);
  const words =
    differing > 0 ? (
      `${plural(differing, 'difference')} from the kernel’s own list, listed here.`
    ) : last?.result === 'not possible' ? (
      'It could not be compared with the kernel’s own list: a call was changing the mappings. Compare again.'
    ) : last?.result === 'agrees' ? (
      <>
        Agrees with the kernel’s own list, compared at <Time ns={log.time(last.event)} unit />.
      </>
    ) : world.session?.verify === true ? (
      'Compared with the kernel’s own list at every stop: no difference.'
    ) : (
      'Not compared with the kernel’s own list at every stop; record --verify does that.'
    );
  return (
    <div className="kernel-check">
      {canControl ? (
        <Button
          disabled={action.busy}
          onClick={() =>
            action.run(async () => {
              await command({ do: 'verify' });
            })
          }
        >
          Compare with the kernel
        </Button>
      ) : null}
      <span role="status" className="ink2">
        {words}
      </span>
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
    </div>
  );
}
