import { memo, type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { KEY_COUNT, PAGE, type Pid, type Tid } from '../../../core/contract/ids.ts';
import { type PauseRule, rangeRule } from '../../../core/contract/pause.ts';
import { keyHistory, tagWords } from '../../../core/model/keyHistory.ts';
import { bytesOfMapping } from '../../../core/model/keys.ts';
import type { Region, Space } from '../../../core/model/space.ts';
import { mayTouch } from '../../../core/model/touch.ts';
import type { World } from '../../../core/model/world.ts';
import { Calm } from '../../store/calm.tsx';
import type { SelectionSlice } from '../../store/selection.ts';
import { pageStart } from '../../store/selectors/mapRows.ts';
import { pageFacts } from '../../store/selectors/pages.ts';
import { useCanControl, useIsLive, useLatest, useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Empty, Failure } from '../../widgets/controls.tsx';
import { bytes, prot, seconds } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { ManyRows } from '../../widgets/manyRows.tsx';
import { Address, Bytes, Id, Value } from '../../widgets/value.tsx';
import { Memory } from './Memory.tsx';
import { Card, Facts, KeyHistory, Part } from './parts.tsx';
import { TagByHand } from './TagByHand.tsx';

/** A page: what lives there, whose it is, who may touch it now, and how it came to its key. */
export function PageCard({ pid, addr }: { pid: Pid; addr: number }): ReactNode {
  const world = useWorld();
  const latest = useLatest();
  const log = useKeyhole((s) => s.log);
  const send = useKeyhole((s) => s.command);
  const canControl = useCanControl();
  const live = useIsLive();
  const action = useAction();
  const [tagging, setTagging] = useState(false);
  const page = pageStart(addr);
  const tagged = latest.counts.tag + latest.counts.map + latest.counts.unmap;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only tags and maps can change a page's key
  const changes = useMemo(() => keyHistory(log, pid, page), [log, pid, page, tagged]);
  const space = world.spaces.get(pid);
  const region = space?.at(page);
  if (!space || !region) {
    return (
      <Card label="Page card" title={<strong>Page</strong>} note={<Address at={page} full />}>
        <Empty title="Not mapped at this instant" />
        <KeyHistory changes={changes} now={world.index} />
      </Card>
    );
  }
  const facts = pageFacts(world, space, page);
  const mayChange = canControl && live;
  const command = (rules: readonly PauseRule[]): void =>
    action.run(async () => {
      await send({ do: 'pause-on', rules: [...rules] });
    });
  const rule = rangeRule(page, page + PAGE);
  const pausesHere = latest.pauseOn.includes(rule);
  const what = [facts.title, facts.what].filter(Boolean).join(', ');
  return (
    <Card
      label="Page card"
      title={<strong>Page</strong>}
      note={<Address at={page} full />}
      aside={
        <>
          process <Id n={pid} of="process" />
        </>
      }
      actions={
        canControl ? (
          <>
            <Button
              disabled={!mayChange}
              title={mayChange ? 'Give pages another key' : 'The past is read-only: go live first'}
              onClick={() => setTagging(true)}
            >
              Give another key…
            </Button>
            <Button
              aria-pressed={pausesHere}
              disabled={action.busy}
              title="Pause at the next mapping, protection, tag or fault here"
              onClick={() =>
                command(pausesHere ? latest.pauseOn.filter((other) => other !== rule) : [...latest.pauseOn, rule])
              }
            >
              {pausesHere ? 'Do not pause here' : 'Pause on this page'}
            </Button>
          </>
        ) : null
      }
    >
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
      {tagging ? (
        <TagByHand world={world} space={space} region={region} page={page} onClose={() => setTagging(false)} />
      ) : null}
      <h2 className="headline">
        {facts.look === 'key' ? <KeyChip k={region.key} size="large" /> : null} {what || 'Memory'}, {facts.owner}.
      </h2>
      <Facts facts={[...regionFacts(region, page), ...mixture(pid, region)]} />
      <WhoMayTouch world={world} pid={pid} region={region} />
      <KeyHistory changes={changes} now={world.index} />
      <Memory pid={pid} page={page} />
      <PagesAround world={world} space={space} page={page} />
    </Card>
  );
}

/** Pages listed before and after the selected one. */
const AROUND = 6;

/** The pages around this one as rows: what the map shows as cells. */
function PagesAround({ world, space, page }: { world: World; space: Space; page: number }): ReactNode {
  const select = useKeyhole((s) => s.select);
  const pages = Array.from({ length: 2 * AROUND + 1 }, (_, i) => page + (i - AROUND) * PAGE);
  const rows = pages
    .filter((start) => start >= 0 && space.at(start) !== null)
    .map((start) => pageFacts(world, space, start));
  return (
    <Part title="Pages around it" aside={`${rows.length} mapped`}>
      <ul>
        {rows.map((facts) => (
          <li key={facts.start}>
            <button
              type="button"
              className="card-row page-row"
              aria-pressed={facts.start === page}
              onClick={() => select({ kind: 'page', pid: space.pid, addr: facts.start })}
            >
              <span className="dim">
                <Address at={facts.start} of={`page of ${facts.owner}:`} short />
              </span>
              {facts.look === 'key' ? <KeyChip k={facts.key} /> : <span />}
              <span className="clip" title={facts.title || facts.what}>
                {facts.title || facts.what}
              </span>
              <span className="dim clip">{facts.owner}</span>
            </button>
          </li>
        ))}
      </ul>
    </Part>
  );
}

const regionFacts = (region: Region, page: number): readonly (readonly [string, ReactNode])[] => [
  ['Key', region.key === null ? 'unknown' : `${region.key}${region.everTagged ? '' : ', never tagged'}`],
  ['Protection', region.prot === null ? 'unknown' : prot(region.prot)],
  ['Tagged', region.tag ? `${tagWords(region.tag)} at ${seconds(region.tag.time)} s` : 'never'],
  [
    'Region',
    <span key="region">
      <Address at={region.start} full /> <Bytes n={region.end - region.start} />, page{' '}
      {(page - region.start) / PAGE + 1} of {(region.end - region.start) / PAGE}
    </span>,
  ],
  ['Mapping', region.name === '' ? 'anonymous' : region.name],
  ['Mapped by', region.mappedBy === 'assumed' ? 'assumed, not seen' : `the ${region.mappedBy}, observed`],
  ...(region.flags.length > 0 ? [['Flags', region.flags.join(' ')] as const] : []),
];

/** While the program runs the keys of all of a mapping, which takes a look at all memory, are told so often. */
const MIXTURE_MS = 1000;

/** The keys of everything mapped under the same name: is the heap mixed, or wholly shared? */
const mixture = (pid: Pid, { name }: Region): readonly (readonly [string, ReactNode])[] =>
  name === ''
    ? []
    : [
        [
          `All ${name.slice(name.lastIndexOf('/') + 1)}`,
          <Calm key="mixture" ms={MIXTURE_MS}>
            <Mixture pid={pid} name={name} />
          </Calm>,
        ],
      ];

function Mixture({ pid, name }: { pid: Pid; name: string }): ReactNode {
  // The answer to input need not wait for it.
  const world = useDeferredValue(useWorld());
  const space = world.spaces.get(pid);
  const byKey = useMemo(() => (space ? [...bytesOfMapping(space, name)] : []), [space, name]);
  const parts = byKey.flatMap((size, key) => {
    if (size === 0) return [];
    return [`${bytes(size)} ${key < KEY_COUNT ? (world.keyName(key) ?? `key ${key}`) : 'of unknown key'}`];
  });
  return <Value copy={`${parts.length > 1 ? 'mixed: ' : 'all of it: '}${parts.join(', ')}`} />;
}

/** Up to so many threads are simply there. */
const FEW = 16;
const ROW = 21;

/** Rights of every thread against the key of this page. */
function WhoMayTouch({ world, pid, region }: { world: World; pid: Pid; region: Region }): ReactNode {
  const select = useKeyhole((s) => s.select);
  const threads = world.threadsOf(pid);
  return (
    <Part title="Who may touch it now" aside="by rights and protection">
      <ManyRows
        rows={threads}
        height={ROW}
        few={FEW}
        label={`${threads.length} threads`}
        row={(thread) => (
          <Touch
            key={thread.tid}
            tid={thread.tid}
            number={thread.number}
            name={`${thread.name ?? thread.tid}`}
            verdict={mayTouch(thread, region)}
            pick={select}
          />
        )}
      />
    </Part>
  );
}

interface TouchProps {
  readonly tid: Tid;
  readonly number: number;
  readonly name: string;
  readonly verdict: string;
  readonly pick: SelectionSlice['select'];
}

/** One thread; at most looks few of them change. */
const Touch = memo(function Touch({ tid, number, name, verdict, pick }: TouchProps): ReactNode {
  return (
    <li>
      <button type="button" className="card-row" onClick={() => pick({ kind: 'thread', tid })}>
        <strong>T{number}</strong>
        <span className="clip">{name}</span>
        <span className={verdict === 'denied' ? 'denied' : verdict === 'unknown' ? 'dim' : ''}>
          {verdict === 'denied' ? '✕ denied' : verdict}
        </span>
      </button>
    </li>
  );
});
