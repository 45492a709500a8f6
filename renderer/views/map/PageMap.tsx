import './map.css';
import { type ReactNode, useMemo, useState } from 'react';
import type { Pid } from '../../../core/contract/ids.ts';
import { type MapOrder, orderOf } from '../../../core/model/mapDetail.ts';
import { type MapIndex, mapIndexOf } from '../../../core/model/mapIndex.ts';
import { protectedSince } from '../../../core/model/protections.ts';
import type { World } from '../../../core/model/world.ts';
import { useCalmWorlds } from '../../store/calm.tsx';
import { memorySignature } from '../../store/selectors/mapRows.ts';
import { lineNames } from '../../store/selectors/search.ts';
import { useKeyhole } from '../../store/store.ts';
import { useFocus } from '../../store/useFocus.ts';
import { usePlan } from '../../store/usePlan.ts';
import { Button, Empty } from '../../widgets/controls.tsx';
import { MapCanvas } from './MapCanvas.tsx';
import { MapToolbar } from './MapToolbar.tsx';

/** The lines of one address space; made anew only when memory changed, whatever else the log says. */
function useIndex(world: World, pid: Pid | null): MapIndex | null {
  const history = useKeyhole((s) => s.history);
  const signature = memorySignature(world);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the world
  return useMemo(() => {
    const space = pid === null ? undefined : world.spaces.get(pid);
    return space ? mapIndexOf(world, space) : null;
  }, [history, pid, signature]);
}

/** Which of the lines are shown, and in which order. */
function useOrder(index: MapIndex | null): MapOrder | null {
  const log = useKeyhole((s) => s.log);
  const byOwner = useKeyhole((s) => s.byOwner);
  const keys = useKeyhole((s) => s.keys);
  const since = useKeyhole((s) => s.since);
  const filter = useKeyhole((s) => s.filter)
    .trim()
    .toLowerCase();
  return useMemo(() => {
    if (index === null) return null;
    const wanted = keys.reduce((mask, key) => mask | (1 << key), 0);
    const { pid } = index.space;
    const touched = since === null ? null : protectedSince(log, pid, since, index.world.index);
    const all = wanted === 0 && since === null && filter === '';
    const keep = (line: number): boolean => {
      if (wanted !== 0 && (index.keys(line) & wanted) === 0) return false;
      if (since !== null && index.changed(line) <= since && !touched?.(index.start(line), index.end(line)))
        return false;
      return filter === '' || lineNames(index, line).includes(filter);
    };
    return orderOf(index, byOwner, all ? null : keep);
  }, [index, log, byOwner, keys, since, filter]);
}

/** While the map follows a program that runs, it is drawn anew no more often than this, and less often the larger it is. */
const LIVE_MS = 100;
const REGIONS_STEP = 10_000;
const STEP_MS = 100;

/** The address space: every mapped page as it is at the instant shown. */
export function PageMap(): ReactNode {
  const regions = useKeyhole((s) => s.history.at(s.length - 1).main?.regionCount ?? 0);
  const { world } = useCalmWorlds(LIVE_MS + Math.ceil(regions / REGIONS_STEP) * STEP_MS);
  const live = useKeyhole((s) => s.instant === null && s.source.kind === 'live');
  const focus = useFocus();
  const overlay = useKeyhole((s) => s.overlay);
  const showAll = useKeyhole((s) => s.showAll);
  const [picked, setPicked] = useState<Pid | null>(null);
  const wanted = focus.pid ?? picked;
  const pid = wanted !== null && world.spaces.has(wanted) ? wanted : world.mainPid;
  const index = useIndex(world, pid);
  const order = useOrder(index);
  const plan = usePlan(live ? overlay : null);
  const steps = useMemo(() => (plan.is === 'ready' ? plan.steps : []), [plan]);
  const empty = index === null || index.length === 0;
  return (
    <section className="page-map" aria-label="Page map">
      <MapToolbar world={world} pid={pid} onPid={setPicked} plan={live ? plan.is : 'none'} />
      {empty ? <Empty title="No memory at this instant">The program has mapped nothing yet.</Empty> : null}
      {!empty && order?.lines.length === 0 ? (
        <div className="empty">
          <strong>Nothing matches</strong>
          <p>No memory has these keys, changed since then, or has that name.</p>
          <Button onClick={showAll}>Show all memory</Button>
        </div>
      ) : null}
      {index && order && order.lines.length > 0 ? (
        <MapCanvas index={index} order={order} world={world} focus={focus} steps={steps} />
      ) : null}
    </section>
  );
}
