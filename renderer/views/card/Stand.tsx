import type { ReactNode } from 'react';
import { asEventIndex } from '../../../core/contract/ids.ts';
import type { Thread, World } from '../../../core/model/world.ts';
import { foundWords } from '../../store/selectors/callers.ts';
import { standWords } from '../../store/selectors/threads.ts';
import { showEvent } from '../../store/steps.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { copies, Time } from '../../widgets/value.tsx';
import { Frames } from './Callers.tsx';
import { Part } from './parts.tsx';

/** Where a thread stands: the call it is in and the code it runs, which only a stopped program shows. */
export function Stand({ world, thread }: { world: World; thread: Thread }): ReactNode {
  const store = useStoreApi();
  const log = useKeyhole((s) => s.log);
  const { stand, lastEvent } = thread;
  if (thread.state === 'exited') return null;
  const since = lastEvent === null ? null : log.time(lastEvent);
  return (
    <Part title="Where it stands" aside={stand?.callers ? foundWords(stand.callers) : undefined}>
      <p className="ink2 card-sentence" {...copies(standWords(stand), 'the place where it stands')}>
        {stand ? `${capital(standWords(stand))}.` : `Unknown: ${whyUnknown(world)}.`}{' '}
        {stand && since !== null ? (
          <>
            No event of it since{' '}
            <button type="button" className="link" onClick={() => showEvent(store, asEventIndex(lastEvent ?? 0))}>
              <Time ns={since} unit />
            </button>
            .
          </>
        ) : null}
      </p>
      {stand?.callers ? <Frames frames={stand.callers} /> : null}
    </Part>
  );
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const whyUnknown = ({ phase }: World): string =>
  phase.at === 'paused' ? 'the kernel does not show it' : 'only a program that is paused shows it';
