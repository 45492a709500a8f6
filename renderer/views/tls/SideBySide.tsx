import { type ReactNode, useMemo, useState } from 'react';
import { asTid, type Tid } from '../../../core/contract/ids.ts';
import type { Space } from '../../../core/model/space.ts';
import { type PlaceRow, type PlaceState, tlsSteps } from '../../../core/model/tlsSteps.ts';
import type { Thread, World } from '../../../core/model/world.ts';
import { threadShort } from '../../store/selectors/threads.ts';
import { useKeyhole } from '../../store/store.ts';
import { Chooser } from '../../widgets/chooser.tsx';
import { seconds } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Head } from '../../widgets/term.tsx';
import { Address, Id, Offset } from '../../widgets/value.tsx';

interface SideBySideProps {
  readonly world: World;
  readonly space: Space;
  readonly threads: readonly Thread[];
  readonly thread: Thread;
}

/** Two threads' TLS, place by place, with the step of the plan that reached each; a missing one is flagged. */
export function SideBySide({ world, space, threads, thread }: SideBySideProps): ReactNode {
  const [other, setOther] = useState<Tid | null>(null);
  const alive = threads.filter((each) => each.state !== 'exited' && each.tls !== null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the threads are those of this instant, as the space is
  const rows = useMemo(() => tlsSteps(space, alive), [space]);
  const here = alive.findIndex((each) => each.tid === thread.tid);
  const lacking = new Set(rows.flatMap((row) => row.missing));
  const chosen = alive.findIndex((each) => each.tid === other && each.tid !== thread.tid);
  const differing = [...lacking].find((i) => i !== here);
  const beside = chosen >= 0 ? chosen : (differing ?? alive.findIndex((_, i) => i !== here));
  if (here < 0 || beside < 0)
    return (
      <section className="side-by-side" aria-label="Two threads side by side">
        <h3>
          T{thread.number} alone{' '}
          <span className="dim">
            {here < 0
              ? 'it has ended: nothing is beside it'
              : 'no other thread with known TLS is alive to compare it with'}
          </span>
        </h3>
      </section>
    );
  const second = alive[beside];
  const differ = rows.filter((row) => keysDiffer(row.of[here], row.of[beside])).map((row) => row.name);
  const list = [...lacking].map((i) => `T${alive[i]?.number ?? '?'}`);
  return (
    <section className="side-by-side" aria-label="Two threads side by side">
      <header className="side-head">
        <h3>T{thread.number} beside</h3>
        <Chooser
          label="Compare with thread"
          current={String(second?.tid)}
          choices={alive
            .filter((_, i) => i !== here)
            .map((each) => ({ id: String(each.tid), label: `${threadShort(world, each)} ${each.name ?? ''}` }))}
          onSelect={(tid) => setOther(asTid(Number(tid)))}
        />
        <span className={list.length > 0 ? 'denied' : 'dim'}>
          {list.length > 0
            ? `✕ a step is missing in ${list.slice(0, 8).join(', ')}${list.length > 8 ? ' and others' : ''}`
            : 'no step that one thread has is missing in another'}
        </span>
        {differ.length > 0 ? (
          <span className="ink2">
            not the same key: {differ.slice(0, 4).join(', ')}
            {differ.length > 4 ? ' and others' : ''}
          </span>
        ) : null}
      </header>
      <table className="side-table">
        <thead>
          <tr>
            <Head text="Place" />
            {[thread, second].map((each) =>
              each ? (
                <th scope="col" key={each.tid} colSpan={3}>
                  T{each.number} {each.name ?? ''}
                </th>
              ) : null,
            )}
          </tr>
        </thead>
        <tbody>
          {rows
            .filter((row) => row.of[here] || row.of[beside])
            .map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <Place row={row} at={here} pid={space.pid} />
                <Place row={row} at={beside} pid={space.pid} />
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

function Place({ row, at, pid }: { row: PlaceRow; at: number; pid: Space['pid'] }): ReactNode {
  const select = useKeyhole((s) => s.select);
  const state = row.of[at];
  if (!state) return <td colSpan={3}>none, or not known</td>;
  const missing = row.missing.includes(at);
  return (
    <>
      <td>
        <button type="button" onClick={() => select({ kind: 'page', pid, addr: state.page })}>
          <Address at={state.page} of="open the card of page" short />{' '}
          <span className="dim">{Math.abs(state.offset) < FAR ? <Offset from={state.offset} /> : 'by the DTV'}</span>
        </button>
      </td>
      <td>
        <KeyChip k={state.key} /> {state.key === null ? 'unknown' : <Id n={state.key} of="key" />}
      </td>
      <td
        className={missing ? 'denied' : 'ink2'}
        title={state.tag ? `at ${seconds(state.tag.time)} s` : 'never tagged'}
      >
        {missing ? '✕ step missing' : stepWords(state)}
      </td>
    </>
  );
}

/** Both are known, and not the same: what one thread may do there, the other may not. */
const keysDiffer = (a: PlaceState | null | undefined, b: PlaceState | null | undefined): boolean =>
  a?.key != null && b?.key != null && a.key !== b.key;

/** Farther away than this no distance from the thread pointer says anything. */
const FAR = 1 << 20;

const stepWords = ({ tag }: PlaceState): string =>
  tag === null ? 'never tagged' : tag.rule === 'none' ? `by the ${tag.cause}` : `by ${tag.rule}`;
