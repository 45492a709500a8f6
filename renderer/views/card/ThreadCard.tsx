import { type ReactNode, useState } from 'react';
import type { Tid } from '../../../core/contract/ids.ts';
import { rightsCells, rightsHex, rightsWords } from '../../../core/model/rights.ts';
import { rowsOf } from '../../store/selectors/rows.ts';
import { threadShort, threadState } from '../../store/selectors/threads.ts';
import { useCanControl, useIsLive, useWorld } from '../../store/shown.ts';
import { showEvent } from '../../store/steps.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { Button, Empty } from '../../widgets/controls.tsx';
import { plural, seconds } from '../../widgets/format.ts';
import { KeyChip, RightsCells } from '../../widgets/key.tsx';
import { Label } from '../../widgets/term.tsx';
import { Address, Id, Time, Value } from '../../widgets/value.tsx';
import { Card, Facts, Part } from './parts.tsx';
import { RightsByHand } from './RightsByHand.tsx';
import { Signals } from './Signals.tsx';
import { Stand } from './Stand.tsx';

/** A thread: what it runs as, what it may touch, where its thread-local memory is, what happened to it. */
export function ThreadCard({ tid }: { tid: Tid }): ReactNode {
  const store = useStoreApi();
  const world = useWorld();
  const log = useKeyhole((s) => s.log);
  const setView = useKeyhole((s) => s.setView);
  const select = useKeyhole((s) => s.select);
  const canControl = useCanControl();
  const live = useIsLive();
  const [changing, setChanging] = useState(false);
  const thread = world.threads.get(tid);
  if (!thread) {
    return (
      <Card label="Thread card" title={<strong>Thread {tid}</strong>}>
        <Empty title="Not born yet">At this instant the thread does not exist.</Empty>
      </Card>
    );
  }
  const rights = thread.rights === 'unknown' ? null : thread.rights;
  const compartment =
    thread.compartment === null ? 'no compartment' : (world.keyName(thread.compartment) ?? `key ${thread.compartment}`);
  const state = threadState(log, world, thread);
  const faults = rowsOf(log, 'fault', world.index).filter((row) => log.columns.tid[row] === tid);
  const { tp, tls } = thread;
  return (
    <Card
      label="Thread card"
      title={
        <strong>
          {threadShort(world, thread)} {thread.name ?? ''}
        </strong>
      }
      note={
        <>
          thread <Id n={tid} of="thread" />
        </>
      }
      aside={state.words}
      actions={
        <>
          {canControl && rights !== null && thread.state !== 'exited' ? (
            <Button
              disabled={!live}
              title={live ? 'Change the rights of this thread' : 'The past is read-only: go live first'}
              onClick={() => setChanging(true)}
            >
              Change rights…
            </Button>
          ) : null}
          <Button variant="primary" shortcut="T" onClick={() => setView('tls')}>
            TLS of T{thread.number}
          </Button>
          {tp === null ? null : (
            <Button
              onClick={() => {
                select({ kind: 'page', pid: thread.pid, addr: tp });
                setView('map');
              }}
            >
              TCB page
            </Button>
          )}
        </>
      }
    >
      {changing && rights !== null ? (
        <RightsByHand world={world} thread={thread} rights={rights} onClose={() => setChanging(false)} />
      ) : null}
      <h2 className="headline">
        <KeyChip k={thread.compartment} size="large" /> {thread.state === 'exited' ? 'Ran' : 'Runs'} as {compartment},{' '}
        {rightsWords(rights)}.
      </h2>
      <div className="card-rights">
        <RightsCells cells={rightsCells(rights)} words={rightsWords(rights)} />
        <Value copy={rightsHex(rights)} title={`PKRU ${rightsHex(rights)}: ${rightsWords(rights)}`} className="mono" />
        <span className="dim">
          <Label text="PKRU" />
        </span>
      </div>
      <Facts
        facts={[
          ['Process', <Id key="pid" n={thread.pid} of="process" />],
          ['Born', `${seconds(log.time(thread.born))} s`],
          ['Exited', thread.exited === null ? 'no' : `${seconds(log.time(thread.exited))} s`],
          ['Thread pointer', tp === null ? 'unknown' : <Address key="tp" at={tp} full />],
          ['DTV', tls?.dtv ? <Address key="dtv" at={Number(tls.dtv)} full /> : 'unknown'],
          [
            'rseq area',
            tls?.rseq ? <Address key="rseq" at={Number(tls.rseq.start)} full /> : tls ? 'not registered' : 'unknown',
          ],
          ['TLS blocks', tls ? tls.blocks.map((block) => block.module).join(', ') || 'none' : 'unknown'],
          [
            'Last event',
            thread.lastEvent === null ? (
              'none'
            ) : (
              <button
                key="last"
                type="button"
                className="link"
                onClick={() => thread.lastEvent !== null && showEvent(store, thread.lastEvent)}
              >
                {log.kind(thread.lastEvent)} at <Time ns={log.time(thread.lastEvent)} unit />
              </button>
            ),
          ],
        ]}
      />
      <Stand world={world} thread={thread} />
      <Signals world={world} tid={tid} />
      {faults.length > 0 ? (
        <Part title="Faults" aside={plural(faults.length, 'fault')}>
          <ul>
            {faults.slice(-12).map((row) => {
              const facts = log.facts(row, 'fault');
              return (
                <li key={row}>
                  <button type="button" className="card-row" onClick={() => showEvent(store, row)}>
                    <span className="mono dim">
                      <Time ns={log.time(row)} />
                    </span>
                    <span className="denied clip">
                      {facts?.outcome ?? 'fault'} {facts?.access ?? ''}
                    </span>
                    <Address at={facts ? Number(facts.address) : log.at(row).start} full />
                  </button>
                </li>
              );
            })}
          </ul>
        </Part>
      ) : null}
    </Card>
  );
}
