import { memo, type ReactNode } from 'react';
import type { KeyRow } from '../../../core/model/keys.ts';
import { type CellRight, rightOf, rightsHex, rightsWords } from '../../../core/model/rights.ts';
import type { Thread, World } from '../../../core/model/world.ts';
import { useKeyhole } from '../../store/store.ts';
import { plural } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Head, Label } from '../../widgets/term.tsx';
import { Id, Value } from '../../widgets/value.tsx';

/** Beyond so many threads the others are counted; any of them is reached through the thread list. */
const MOST = 200;

const words: Readonly<Record<CellRight, string>> = { open: 'open', read: 'read', closed: '–', unknown: '?' };
const full: Readonly<Record<CellRight, string>> = {
  open: 'may read and write',
  read: 'may read only',
  closed: 'closed',
  unknown: 'unknown, its rights were never read',
};

interface RightsMatrixProps {
  readonly threads: readonly Thread[];
  readonly table: readonly KeyRow[];
  readonly world: World;
}

/** Threads by keys: what each may do with pages of each key now. */
export function RightsMatrix({ threads, table, world }: RightsMatrixProps): ReactNode {
  const used = table.filter((row) => !row.free);
  const free = table.length - used.length;
  const alive = threads.filter((thread) => thread.state !== 'exited');
  const gone = threads.length - alive.length;
  const shown = (alive.length > 0 ? alive : threads).slice(0, MOST);
  return (
    <section aria-label="Rights of threads">
      <h3>
        <Label text="Rights of threads" />{' '}
        <span className="dim">
          {plural(alive.length, 'thread')}
          {gone > 0 ? `, ${gone} exited` : ''}; open: read and write, read: read only, –: closed, ?: unknown
        </span>
      </h3>
      <div className="matrix-box">
        <table className="matrix">
          <thead>
            <tr>
              <Head text="Thread" />
              <Head text="Runs as" />
              {used.map((row) => (
                <th scope="col" key={row.key} title={`Key ${row.key}, ${row.name ?? 'no compartment'}`}>
                  <KeyChip k={row.key} /> <Id n={row.key} of="key" />
                  <span className="visually-hidden"> {row.name ?? 'no compartment'}</span>
                </th>
              ))}
              {free > 0 ? <th scope="col">{free} free</th> : null}
              <Head text="PKRU" />
              <th scope="col" className="in-words">
                In words
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((thread) => (
              <MatrixRow
                key={thread.tid}
                tid={thread.tid}
                name={`T${thread.number} ${thread.name ?? ''}`}
                state={thread.state}
                compartment={thread.compartment}
                compartmentName={thread.compartment === null ? null : world.keyName(thread.compartment)}
                rights={thread.rights}
                keys={used.map((row) => row.key).join(',')}
                free={table.flatMap((row) => (row.free ? row.key : [])).join(',')}
              />
            ))}
          </tbody>
        </table>
      </div>
      {alive.length > MOST ? <p className="dim">{plural(alive.length - MOST, 'more thread')}.</p> : null}
    </section>
  );
}

interface MatrixRowProps extends Pick<Thread, 'tid' | 'state' | 'compartment' | 'rights'> {
  readonly name: string;
  readonly compartmentName: string | null;
  /** Numbers joined by commas: a plain value, so that a row is drawn again only when it changed. */
  readonly keys: string;
  readonly free: string;
}

const numbers = (list: string): readonly number[] => (list === '' ? [] : list.split(',').map(Number));

const MatrixRow = memo(function MatrixRow(row: MatrixRowProps): ReactNode {
  const select = useKeyhole((s) => s.select);
  const rights = row.rights === 'unknown' ? null : row.rights;
  const others = [...new Set(numbers(row.free).map((key) => words[rightOf(rights, key)]))].join(' ');
  return (
    <tr data-exited={row.state === 'exited'}>
      <th scope="row">
        <button type="button" className="link clip" onClick={() => select({ kind: 'thread', tid: row.tid })}>
          {row.name}
        </button>
        {row.state === 'exited' ? <span className="dim"> exited</span> : null}
      </th>
      <td className="clip">
        <KeyChip k={row.compartment} />{' '}
        {row.compartmentName ?? (row.compartment === null ? 'names none' : `key ${row.compartment}`)}
      </td>
      {numbers(row.keys).map((key) => {
        const right = rightOf(rights, key);
        return (
          <td key={key} className="matrix-cell" data-key={key} data-right={right} title={`Key ${key}: ${full[right]}`}>
            {words[right]}
          </td>
        );
      })}
      {row.free === '' ? null : <td className="dim">{others}</td>}
      <td>
        <Value copy={rightsHex(rights)} title={`PKRU ${rightsHex(rights)}: ${rightsWords(rights)}`} className="mono" />
      </td>
      <td className="ink2 in-words">{rights === null ? 'unknown, never read' : rightsWords(rights)}</td>
    </tr>
  );
});
