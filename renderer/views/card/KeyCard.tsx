import { type ReactNode, useMemo } from 'react';
import type { Key } from '../../../core/contract/ids.ts';
import { keyTable, largestOfKey } from '../../../core/model/keys.ts';
import { labelsOf } from '../../../core/model/labels.ts';
import { rightOf } from '../../../core/model/rights.ts';
import type { Space } from '../../../core/model/space.ts';
import type { World } from '../../../core/model/world.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { plural } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Address, Bytes } from '../../widgets/value.tsx';
import { Card, Facts, Part } from './parts.tsx';

const MOST = 12;

/** A key: whose it is, which thread may use it, and the largest regions that have it. */
export function KeyCard({ keyNumber }: { keyNumber: Key }): ReactNode {
  const world = useWorld();
  const space = world.main;
  const row = useMemo(() => keyTable(world, space)[keyNumber], [world, space, keyNumber]);
  const name = row?.name ?? null;
  if (!row) return null;
  return (
    <Card
      label="Key card"
      title={
        <>
          <KeyChip k={keyNumber} />
          <strong>Key {keyNumber}</strong>
        </>
      }
      note={name ?? 'no compartment'}
      aside={row.free ? 'free' : plural(row.pages, 'page')}
    >
      <h2 className="headline">
        {keyNumber === 0
          ? 'Shared: every compartment may use these pages.'
          : row.free
            ? 'Nobody has this key.'
            : `Private to ${name ?? 'whoever opens it'}: ${plural(row.writablePages, 'writable page')}.`}
      </h2>
      <Facts
        facts={[
          ['Mapped', sized(row.pages, row.bytes)],
          ['Writable', sized(row.writablePages, row.writableBytes)],
          ['Allocated', row.allocated ? `by thread ${row.allocated.by}, observed` : 'no pkey_alloc seen'],
        ]}
      />
      <ThreadRights world={world} keyNumber={keyNumber} />
      {space && !row.free ? <Largest world={world} space={space} keyNumber={keyNumber} /> : null}
    </Card>
  );
}

const sized = (pages: number, size: number): ReactNode => (
  <>
    {plural(pages, 'page')}, <Bytes n={size} />
  </>
);

function ThreadRights({ world, keyNumber }: { world: World; keyNumber: Key }): ReactNode {
  const select = useKeyhole((s) => s.select);
  const words = { open: 'may read and write', read: 'may read', closed: 'closed', unknown: 'unknown' } as const;
  return (
    <Part title="Threads" aside="rights to this key">
      <ul>
        {[...world.threads.values()].map((thread) => (
          <li key={thread.tid}>
            <button type="button" className="card-row" onClick={() => select({ kind: 'thread', tid: thread.tid })}>
              <strong>T{thread.number}</strong>
              <span className="clip">{thread.name ?? thread.tid}</span>
              <span className="ink2">
                {thread.state === 'exited'
                  ? 'exited'
                  : words[rightOf(thread.rights === 'unknown' ? null : thread.rights, keyNumber)]}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Largest({ world, space, keyNumber }: { world: World; space: Space; keyNumber: Key }): ReactNode {
  const select = useKeyhole((s) => s.select);
  const labels = labelsOf(world, space);
  const { count: all, regions } = largestOfKey(space, keyNumber, MOST);
  return (
    <Part title="Largest regions" aside={plural(all, 'region')}>
      <ul>
        {regions.map((region) => {
          const label = labels.at(region.start);
          return (
            <li key={region.start}>
              <button
                type="button"
                className="card-row"
                onClick={() => select({ kind: 'page', pid: space.pid, addr: region.start })}
              >
                <Address at={region.start} />
                <span className="clip">{`${label.owner} ${label.text}`.trim()}</span>
                <span className="dim">
                  <Bytes n={region.end - region.start} />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Part>
  );
}
