import type { ReactNode } from 'react';
import type { MapFacts } from '../../../core/contract/details.ts';
import { asPkru, type EventIndex, hex, PAGE, type Pid, type Pkru } from '../../../core/contract/ids.ts';
import type { EventLog, EventRow } from '../../../core/model/eventLog.ts';
import { rightsHex, rightsWords } from '../../../core/model/rights.ts';
import { type SignalRights, signalRights } from '../../../core/model/signalRights.ts';
import type { Region } from '../../../core/model/space.ts';
import type { World } from '../../../core/model/world.ts';
import { eventWords } from '../../store/selectors/eventWords.ts';
import { useLatest, useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { Button, Empty } from '../../widgets/controls.tsx';
import { count, prot, seconds } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Address, Bytes, copies, Time } from '../../widgets/value.tsx';
import { FindingClassLink } from '../ClassLink.tsx';
import { PolicySteps } from './PolicySteps.tsx';
import { Card, Facts, Part } from './parts.tsx';

interface EventCardProps {
  readonly index: EventIndex;
  readonly pid: Pid | null;
  readonly addr: number | null;
}

/** Any event: what it did, who made it, and its raw row. */
export function EventCard({ index, pid, addr }: EventCardProps): ReactNode {
  const world = useWorld();
  const latest = useLatest();
  const log = useKeyhole((s) => s.log);
  const history = useKeyhole((s) => s.history);
  const select = useKeyhole((s) => s.select);
  if (index >= log.length) return <Empty title="No such event" />;
  const row = log.at(index);
  const thread = row.tid === null ? null : world.threads.get(row.tid);
  const detail = log.rawDetail(index);
  const policy = log.facts(index, 'policy');
  const key = (k: number | null): ReactNode =>
    k === null ? null : (
      <>
        <KeyChip k={k} /> {k} {world.keyName(k) ?? ''}
      </>
    );
  const facts: (readonly [string, ReactNode])[] = [
    ['Time', `${seconds(row.time)} s`],
    ['Thread', row.tid === null ? 'none' : `${thread ? `T${thread.number} ` : ''}${row.tid}`],
    ['Process', row.pid === 0 ? 'none' : String(row.pid)],
    ['Made by', row.cause === 'assumed' ? 'assumed, not seen happening' : row.cause],
  ];
  if (row.start > 0) {
    facts.push([
      row.end > row.start ? 'Range' : 'Address',
      <span key="range">
        <Address at={row.start} full /> {row.end > row.start ? <Bytes n={row.end - row.start} /> : null}
      </span>,
    ]);
  }
  if (row.site !== null) facts.push(['Instruction', <Address key="site" at={row.site} full />]);
  if (row.keyBefore !== null) facts.push(['Key before', key(row.keyBefore)]);
  if (row.keyAfter !== null) facts.push(['Key after', key(row.keyAfter)]);
  if (row.protBefore !== null) facts.push(['Protection before', prot(row.protBefore)]);
  if (row.protAfter !== null) facts.push(['Protection after', prot(row.protAfter)]);
  if (row.rule !== 'none') facts.push(['Rule', row.rule]);
  if (row.rights !== null && row.kind !== 'signal') facts.push(['Rights after', pkruWords(asPkru(row.rights))]);
  const asked = log.facts(index, 'map');
  if (asked) facts.push(...mapFacts(asked, row.start, replacedBy(history.at(index - 1), row)));
  const signal = signalRights(log, index);
  if (signal) facts.push(...signalFacts(log, index, signal, (at) => select({ kind: 'event', index: at })));
  // What a thread that ends had last: its end itself changes no rights.
  const last =
    (row.kind === 'thread-exit' || row.kind === 'process-exit') && row.tid !== null
      ? history.at(index).threads.get(row.tid)?.rights
      : undefined;
  if (last !== undefined) facts.push(['Rights at its end', pkruWords(last === 'unknown' ? null : last)]);
  const finding = log.facts(index, 'finding');
  if (finding) facts.push(['Class', <FindingClassLink key="class" of={finding.class} />]);
  if (row.failed || row.result !== 0) facts.push(['Result', `failed, ${row.result}`]);
  return (
    <Card
      label="Event card"
      title={<strong>{row.kind}</strong>}
      note={
        <>
          at <Time ns={row.time} unit />
        </>
      }
      aside={`event ${count(index + 1)} of ${count(latest.index + 1)}`}
      actions={
        addr !== null && pid !== null ? (
          <Button onClick={() => select({ kind: 'page', pid, addr })}>
            Page <Address at={addr - (addr % PAGE)} full />
          </Button>
        ) : null
      }
    >
      <h2 className="headline">{eventWords(log, index)}</h2>
      <Facts facts={facts} />
      {policy ? <PolicySteps steps={policy.steps} pid={row.pid} /> : null}
      {detail && !policy ? (
        <Part title="Detail">
          <pre className="mono detail" {...copies(detail, 'the detail of the event, as JSON')}>
            {JSON.stringify(JSON.parse(detail), null, 1)}
          </pre>
        </Part>
      ) : null}
    </Card>
  );
}

/** What was mapped in the range before the row. */
function replacedBy(before: World, { pid, start, end }: EventRow): readonly Region[] {
  return [...(before.spaces.get(pid)?.range(start, end) ?? [])];
}

/** Where a mapping was asked for, where it came to lie, and what had to go for it. */
function mapFacts(asked: MapFacts, got: number, replaced: readonly Region[]): (readonly [string, ReactNode])[] {
  const hint = asked.hint === undefined ? null : Number(asked.hint);
  const where = hint === null || hint === 0 ? 'anywhere' : hint === got ? 'exactly here' : 'elsewhere';
  return [
    [
      'Asked for',
      <span key="asked">
        {where}
        {hint === null || hint === 0 ? '' : ', at '}
        {hint === null || hint === 0 ? null : <Address at={hint} full />}
      </span>,
    ],
    ['Flags', asked.flags?.join(' ') || 'none known'],
    [
      'Replaced',
      replaced.length === 0
        ? 'nothing'
        : replaced
            .map((region) => `${region.name || 'anonymous'} ${hex(region.start)}, key ${region.key ?? 'unknown'}`)
            .join('; '),
    ],
  ];
}

const pkruWords = (rights: Pkru | null): string =>
  rights === null ? 'unknown' : `${rightsWords(rights)}, ${rightsHex(rights)}`;

/** Rights before, inside and after the handler, or that there was none. */
function signalFacts(
  log: EventLog,
  index: EventIndex,
  { handled, before, inside, after, returned }: SignalRights,
  show: (at: EventIndex) => void,
): (readonly [string, ReactNode])[] {
  const disposition = log.facts(index, 'signal')?.disposition;
  const taken = handled
    ? 'a handler of the program'
    : disposition === 'ignored'
      ? 'nobody: it is ignored'
      : 'no handler: its default action';
  if (!handled)
    return [
      ['Taken by', taken],
      ['Rights before', pkruWords(before)],
    ];
  return [
    ['Taken by', taken],
    ['Rights before', pkruWords(before)],
    ['Rights inside', pkruWords(inside)],
    [
      'Rights after',
      returned === null ? (
        'unknown: it has not returned'
      ) : (
        <span key="after">
          {pkruWords(after)}{' '}
          <button type="button" className="link" onClick={() => show(returned)}>
            at {seconds(log.time(returned))} s
          </button>
        </span>
      ),
    ],
  ];
}
