import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { type KeyRow, keyTable } from '../../../core/model/keys.ts';
import { memorySignature } from '../../store/selectors/mapRows.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { useFocus } from '../../store/useFocus.ts';
import { Section } from '../../widgets/controls.tsx';
import { bytes, plural, spans } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Bytes, Count, Id } from '../../widgets/value.tsx';

/** The chart library is large; it comes with the first look at a chart. */
const KeyChart = lazy(() => import('./KeyChart.tsx'));

/** The sixteen keys of the process in focus: whose each is, and how much writable memory has it. */
export function Keys(): ReactNode {
  const world = useWorld();
  const focus = useFocus();
  const history = useKeyhole((s) => s.history);
  const [chart, setChart] = useState(false);
  const space = (focus.pid === null ? null : world.spaces.get(focus.pid)) ?? world.main;
  const signature = `${memorySignature(world)},${world.counts['key-alloc']},${world.counts['key-free']}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for world and space
  const table = useMemo(() => keyTable(world, space), [history, signature, space?.pid]);
  const used = table.filter((row) => !row.free);
  const free = table.filter((row) => row.free);
  const total = used.reduce((sum, row) => sum + row.writableBytes, 0);
  return (
    <Section title="Keys" aside="writable pages">
      <ul>
        {used.map((row) => (
          <KeyLine key={row.key} row={row} />
        ))}
      </ul>
      {total > 0 ? (
        <div className="key-bar" role="img" aria-label={`${bytes(total)} of writable memory by key`}>
          {used.map((row) =>
            row.writableBytes > 0 ? (
              <span key={row.key} data-key={row.key} style={{ flexGrow: row.writableBytes / total }} />
            ) : null,
          )}
        </div>
      ) : null}
      {free.length > 0 ? <p className="dim">Free: {spans(free.map((row) => row.key))}</p> : null}
      <details className="keys-chart" onToggle={(event) => setChart(event.currentTarget.open)}>
        <summary className="ink2">Over time</summary>
        {chart ? (
          <Suspense fallback={<p className="dim">Drawing…</p>}>
            <KeyChart />
          </Suspense>
        ) : null}
      </details>
    </Section>
  );
}

function KeyLine({ row }: { row: KeyRow }): ReactNode {
  const focus = useFocus();
  const select = useKeyhole((s) => s.select);
  const who = row.allocated ? `allocated by thread ${row.allocated.by}` : row.key === 0 ? '' : 'no pkey_alloc seen';
  const title = `Key ${row.key}: ${plural(row.pages, 'mapped page')}, ${plural(row.writablePages, 'writable page')}${who ? `, ${who}` : ''}`;
  return (
    <li>
      <button
        type="button"
        className="row key-row"
        aria-pressed={focus.key === row.key}
        title={title}
        onClick={() => select({ kind: 'key', key: row.key })}
      >
        <KeyChip k={row.key} />
        <span className="mono dim">
          <Id n={row.key} of="key" />
        </span>
        <span className="clip">{row.name ?? 'no compartment'}</span>
        <span className="mono dim">
          <Count n={row.writablePages} one="writable page" />
        </span>
        <span className="num">
          <Bytes n={row.writableBytes} of="writable" />
        </span>
      </button>
    </li>
  );
}
