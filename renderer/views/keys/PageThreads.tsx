import type { ReactNode } from 'react';
import { PAGE } from '../../../core/contract/ids.ts';
import type { Space } from '../../../core/model/space.ts';
import { mayTouch, type Touch } from '../../../core/model/touch.ts';
import type { Thread, World } from '../../../core/model/world.ts';
import { pageStart } from '../../store/selectors/mapRows.ts';
import { pageFacts } from '../../store/selectors/pages.ts';
import { useKeyhole } from '../../store/store.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Head } from '../../widgets/term.tsx';
import { Address, Id } from '../../widgets/value.tsx';

/** Pages before and after the one in focus. */
const AROUND = 3;
/** Columns that fit; threads beyond them stand in the page's card. */
const MOST = 16;

const short: Readonly<Record<Touch, string>> = {
  'read, write': 'rw',
  read: 'r',
  'read only': 'r',
  denied: '✕',
  'no access by protection': '–',
  'not mapped': '–',
  exited: 'exited',
  unknown: '?',
};

interface PageThreadsProps {
  readonly world: World;
  readonly space: Space;
  readonly threads: readonly Thread[];
  readonly addr: number | null;
}

/** Pages by threads: who may touch the page in focus and its neighbours now, by rights and protection. */
export function PageThreads({ world, space, threads, addr }: PageThreadsProps): ReactNode {
  const select = useKeyhole((s) => s.select);
  const page = addr === null ? null : pageStart(addr);
  const alive = threads.filter((thread) => thread.state !== 'exited');
  const shown = (alive.length > 0 ? alive : threads).slice(0, MOST);
  const pages =
    page === null
      ? []
      : Array.from({ length: 2 * AROUND + 1 }, (_, i) => page + (i - AROUND) * PAGE).filter(
          (start) => start >= 0 && space.at(start) !== null,
        );
  return (
    <section aria-label="Who may touch this page now">
      <h3>
        Who may touch this page now{' '}
        <span className="dim">by rights and protection; rw, r, ✕ denied, – no access, ? unknown</span>
      </h3>
      {page === null || pages.length === 0 ? (
        <p className="dim">Choose a page in the map, or a fault, to see who may touch it and its neighbours.</p>
      ) : (
        <div className="matrix-box">
          <table className="matrix">
            <thead>
              <tr>
                <Head text="Page" />
                <Head text="Holds" />
                <Head text="Key" />
                {shown.map((thread) => (
                  <th scope="col" key={thread.tid} title={thread.name ?? `thread ${thread.tid}`}>
                    T{thread.number}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {pages.map((start) => {
                const facts = pageFacts(world, space, start);
                const region = space.at(start);
                return (
                  <tr key={start} data-selected={start === page}>
                    <th scope="row">
                      <button type="button" onClick={() => select({ kind: 'page', pid: space.pid, addr: start })}>
                        <Address at={start} of="open the card of page" />
                      </button>
                    </th>
                    <td className="clip matrix-holds" title={facts.title || facts.what}>
                      {facts.title || facts.what}
                    </td>
                    <td>
                      <KeyChip k={region?.key ?? null} />{' '}
                      {region?.key == null ? 'unknown' : <Id n={region.key} of="key" />}
                    </td>
                    {shown.map((thread) => {
                      const touch = mayTouch(thread, region);
                      return (
                        <td
                          key={thread.tid}
                          className="matrix-touch"
                          data-touch={touch}
                          title={`T${thread.number}: ${touch}`}
                        >
                          <span aria-hidden="true">{short[touch]}</span>
                          <span className="visually-hidden">{touch}</span>
                        </td>
                      );
                    })}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {alive.length > MOST ? <p className="dim">Its card lists all {alive.length} threads.</p> : null}
    </section>
  );
}
