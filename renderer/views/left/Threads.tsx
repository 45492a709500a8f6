import type { ReactNode } from 'react';
import { rightsCells, rightsHex, rightsWords } from '../../../core/model/rights.ts';
import type { Thread, World } from '../../../core/model/world.ts';
import { standWords, threadState } from '../../store/selectors/threads.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { Section } from '../../widgets/controls.tsx';
import { KeyChip, RightsCells } from '../../widgets/key.tsx';
import { ManyRows } from '../../widgets/manyRows.tsx';
import { Id, Time, Value } from '../../widgets/value.tsx';

/** Every thread with what it may touch, at the instant shown. */
export function Threads(): ReactNode {
  const world = useWorld();
  const processes = [...world.spaces.values()].filter((space) => world.threadsOf(space.pid).length > 0);
  return (
    <Section
      title="Threads"
      aside={
        world.index < 0 ? null : (
          <>
            rights at <Time ns={world.time} unit />
          </>
        )
      }
    >
      {world.threads.size === 0 ? <p className="dim">No thread yet.</p> : null}
      {processes.map((space) => (
        <div key={space.pid}>
          {processes.length > 1 ? (
            <h3 className="process">
              Process <Id n={space.pid} of="process" />
            </h3>
          ) : null}
          <ThreadList world={world} threads={world.threadsOf(space.pid)} />
        </div>
      ))}
    </Section>
  );
}

/** Up to so many threads are simply there. */
const FEW = 12;
const ROW = 57;
/** The line that says where a thread stands. */
const STAND = 16;

function ThreadList({ world, threads }: { world: World; threads: readonly Thread[] }): ReactNode {
  const selected = useKeyhole((s) => (s.selected?.kind === 'thread' ? s.selected.tid : null));
  // All or none: of a program that is stopped, what is not known of one thread is told as unknown.
  const stands = threads.some((thread) => thread.stand !== null);
  return (
    <ManyRows
      rows={threads}
      height={stands ? ROW + STAND : ROW}
      few={FEW}
      label={`${threads.length} threads`}
      className="bleed"
      selected={threads.findIndex((thread) => thread.tid === selected)}
      row={(thread) => <ThreadRow key={thread.tid} world={world} thread={thread} stands={stands} />}
    />
  );
}

interface ThreadRowProps {
  readonly world: World;
  readonly thread: Thread;
  /** Whether to say where it stands. */
  readonly stands: boolean;
}

function ThreadRow({ world, thread, stands }: ThreadRowProps): ReactNode {
  const log = useKeyhole((s) => s.log);
  const isSelected = useKeyhole((s) => s.selected?.kind === 'thread' && s.selected.tid === thread.tid);
  const select = useKeyhole((s) => s.select);
  const rights = thread.rights === 'unknown' ? null : thread.rights;
  const words = rightsWords(rights);
  const state = threadState(log, world, thread);
  const compartment =
    thread.compartment === null ? null : (world.keyName(thread.compartment) ?? `key ${thread.compartment}`);
  return (
    <li>
      <button
        type="button"
        className="thread row"
        aria-pressed={isSelected}
        onClick={() => select({ kind: 'thread', tid: thread.tid })}
      >
        <span className="thread-name">
          <strong>T{thread.number}</strong>
          <span className="clip">{thread.name ?? 'unnamed'}</span>
          <span className="dim">
            <Id n={thread.tid} of="thread" />
          </span>
          <span className={state.denied ? 'denied thread-state' : 'dim thread-state'}>{state.words}</span>
        </span>
        <span className="thread-rights clip" title={words}>
          <KeyChip k={thread.compartment} />
          {compartment ? <strong>{compartment}:</strong> : null}{' '}
          <span>{rights === null ? 'rights unknown' : words}</span>
        </span>
        <span className="thread-cells">
          <RightsCells cells={rightsCells(rights)} words={words} />
          <Value copy={rightsHex(rights)} title={`PKRU ${rightsHex(rights)}: ${words}`} className="mono dim" />
        </span>
        {stands ? (
          <span className="thread-stand clip dim">
            {thread.state === 'exited' ? (
              'exited'
            ) : (
              <Value copy={standWords(thread.stand)} title={`the place where it stands: ${standWords(thread.stand)}`} />
            )}
          </span>
        ) : null}
      </button>
    </li>
  );
}
