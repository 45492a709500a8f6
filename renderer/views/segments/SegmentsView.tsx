import './segments.css';
import { Fragment, type ReactNode } from 'react';
import type { Module, Space } from '../../../core/model/space.ts';
import { tlsNeighbours } from '../../../core/model/tlsNeighbours.ts';
import type { World } from '../../../core/model/world.ts';
import { pageStart } from '../../store/selectors/mapRows.ts';
import { moduleParts } from '../../store/selectors/segments.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { useFocus } from '../../store/useFocus.ts';
import { Empty } from '../../widgets/controls.tsx';
import { plural, prot } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Head, Ruled } from '../../widgets/term.tsx';
import { Address, Bytes } from '../../widgets/value.tsx';

/** The loaded modules and their parts: what has which key, by which rule, and what stays shared. */
export function SegmentsView(): ReactNode {
  const world = useWorld();
  const focus = useFocus();
  const space = (focus.pid === null ? null : world.spaces.get(focus.pid)) ?? world.main;
  const modules = space?.modules ?? [];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <section className="segments" aria-label="Segments" tabIndex={0}>
      {modules.length === 0 || !space ? (
        <Empty title="No module is known at this instant">They appear when the loader has mapped them.</Empty>
      ) : (
        <table>
          <thead>
            <tr>
              <Head text="Part" />
              <Head text="Start" />
              <Head text="Protection" />
              <Head text="Size" num />
              <Head text="Key now" />
              <Head text="How" />
            </tr>
          </thead>
          <tbody>
            {modules.map((module) => (
              <ModuleRows key={module.start} world={world} space={space} module={module} addr={focus.addr} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

interface ModuleRowsProps {
  readonly world: World;
  readonly space: Space;
  readonly module: Module;
  readonly addr: number | null;
}

function ModuleRows({ world, space, module, addr }: ModuleRowsProps): ReactNode {
  const select = useKeyhole((s) => s.select);
  const { facts } = module;
  const page = addr === null ? null : pageStart(addr);
  return (
    <Fragment>
      <tr className="module-row">
        <th scope="rowgroup" colSpan={6}>
          <KeyChip k={module.key ?? 0} /> <strong title={module.path}>{module.name || module.path}</strong>{' '}
          <span className="dim">{moduleWords(world, module)}</span>
          <span className="module-tls dim">
            {tlsWords(world, space, module)}
            {facts.shared ? ', shared section' : ''}
            {facts.buildId ? `, build ${facts.buildId.slice(0, 12)}` : ''}
          </span>
        </th>
      </tr>
      {moduleParts(world, space, module).map((part) => (
        <tr
          key={part.start}
          data-selected={page !== null && part.start <= page && page < part.end}
          onClick={() => select({ kind: 'page', pid: space.pid, addr: part.start })}
        >
          <td className="part-name">{part.what}</td>
          <td>
            <Address at={part.start} />
          </td>
          <td className="mono dim">{part.prot === null ? '???' : prot(part.prot)}</td>
          <td className="num">
            <Bytes n={part.end - part.start} />
          </td>
          <td>
            <KeyChip k={part.key} /> {part.key === null ? 'unknown' : (world.keyName(part.key) ?? `key ${part.key}`)}
          </td>
          <td className="ink2 clip" title={part.how}>
            <Ruled text={part.how} />
          </td>
        </tr>
      ))}
    </Fragment>
  );
}

/** How long its TLS block is, and whether it has its pages to itself: what decides how it can be tagged. */
function tlsWords(world: World, space: Space, { facts, name }: Module): string {
  if (!facts.tls) return 'no TLS';
  const { memsz, align } = facts.tls;
  const beside = tlsNeighbours(world.threadsOf(space.pid), name);
  const pages =
    beside === null
      ? 'place not known'
      : beside.length === 0
        ? 'alone on its pages'
        : `shares a page with ${beside.join(', ')}`;
  return `TLS ${memsz} bytes, aligned to ${align}, ${pages}`;
}

function moduleWords(world: World, { key, facts, start, end }: Module): string {
  const owner = key === null || key === 0 ? 'in no compartment' : (world.keyName(key) ?? `key ${key}`);
  const code = facts.code === 'caller' ? ", runs with its caller's rights" : '';
  return `${owner}${code}, ${plural(Math.ceil((end - start) / 4096), 'page')}`;
}
