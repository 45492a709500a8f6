import './keys.css';
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import { type KeyRow, keyTable } from '../../../core/model/keys.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { useFocus } from '../../store/useFocus.ts';
import { Empty } from '../../widgets/controls.tsx';
import { seconds, spans } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Head } from '../../widgets/term.tsx';
import { Bytes, Count, Id, Value } from '../../widgets/value.tsx';
import { PageThreads } from './PageThreads.tsx';
import { RightsMatrix } from './RightsMatrix.tsx';

/** The chart library is large; it comes with the first look at a chart. */
const KeyChart = lazy(() => import('../left/KeyChart.tsx'));

/** The sixteen keys of the process in focus: rights by thread, owners, memory over time, and who may touch what. */
export function KeysView(): ReactNode {
  const world = useWorld();
  const focus = useFocus();
  const space = (focus.pid === null ? null : world.spaces.get(focus.pid)) ?? world.main;
  const table = useMemo(() => keyTable(world, space), [world, space]);
  if (!space) {
    return (
      <section className="keys-view" aria-label="Keys and rights">
        <Empty title="No process at this instant">Keys appear when the program has been started.</Empty>
      </section>
    );
  }
  const threads = world.threadsOf(space.pid);
  return (
    <section className="keys-view" aria-label="Keys and rights">
      <RightsMatrix threads={threads} table={table} world={world} />
      <PageThreads world={world} space={space} threads={threads} addr={focus.addr} />
      <section aria-label="Memory by key">
        <h3>
          Memory by key <span className="dim">mapped now; below, writable bytes over time</span>
        </h3>
        <table className="keys-table">
          <thead>
            <tr>
              <Head text="Key" />
              <Head text="Compartment" />
              <Head text="Allocated" />
              <Head text="Pages" num />
              <Head text="Bytes" num />
              <Head text="Writable" num />
            </tr>
          </thead>
          <tbody>{table.map((row) => (row.free ? null : <KeyLine key={row.key} row={row} />))}</tbody>
        </table>
        <p className="dim">{freeWords(table)}</p>
        <Suspense fallback={<p className="dim">Drawing…</p>}>
          <KeyChart height={140} axes />
        </Suspense>
      </section>
    </section>
  );
}

const freeWords = (table: readonly KeyRow[]): string => {
  const free = table.filter((row) => row.free).map((row) => row.key);
  return free.length === 0 ? 'No key is free.' : `Free: ${spans(free)}.`;
};

function KeyLine({ row }: { row: KeyRow }): ReactNode {
  const select = useKeyhole((s) => s.select);
  const chosen = useKeyhole((s) => s.selected?.kind === 'key' && s.selected.key === row.key);
  return (
    <tr data-selected={chosen}>
      <th scope="row">
        <button type="button" className="link" onClick={() => select({ kind: 'key', key: row.key })}>
          <KeyChip k={row.key} /> <Id n={row.key} of="key" />
        </button>
      </th>
      <td>{row.name ?? 'no compartment'}</td>
      <td>
        <Value copy={allocatedWords(row)} />
      </td>
      <td className="num mono">
        <Count n={row.pages} one="mapped page" />
      </td>
      <td className="num">
        <Bytes n={row.bytes} of="mapped" />
      </td>
      <td className="num">
        <Bytes n={row.writableBytes} of="writable" />
      </td>
    </tr>
  );
}

/** Who asked for the key: an observed call, or nobody that was seen. */
function allocatedWords({ key, allocated }: KeyRow): string {
  if (key === 0) return 'always there';
  if (!allocated) return 'no pkey_alloc seen';
  return `by ${allocated.by === 0 ? 'Keyhole' : `thread ${allocated.by}`} at ${seconds(allocated.time)} s`;
}
