import type { ReactNode } from 'react';
import { asEventIndex } from '../../../core/contract/ids.ts';
import type { Thread, World } from '../../../core/model/world.ts';
import { foundWords } from '../../store/selectors/callers.ts';
import { standWords } from '../../store/selectors/threads.ts';
import { showEvent } from '../../store/steps.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { seconds } from '../../widgets/format.ts';
import { Frames } from './Callers.tsx';
import { Part } from './parts.tsx';

/** Where a thread stands: the call it is in and the code it runs, which only a stopped program shows. */
export function Stand({ world, thread }: { world: World; thread: Thread }): ReactNode {
  const store = useStoreApi();
  const log = useKeyhole((s) => s.log);
  const { stand, lastEvent } = thread;
  if (thread.state === 'exited') return null;
  const since = lastEvent === null ? null : `${seconds(log.time(lastEvent))} s`;
  return (
    <Part title="Where it stands" aside={stand?.callers ? foundWords(stand.callers) : undefined}>
      <p className="ink2 card-sentence" data-copy={standWords(stand)}>
        {stand ? `${capital(standWords(stand))}.` : `Unknown: ${whyUnknown(world)}.`}{' '}
        {stand && since !== null ? (
          <>
            No event of it since{' '}
            <button type="button" className="link" onClick={() => showEvent(store, asEventIndex(lastEvent ?? 0))}>
              {since}
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
