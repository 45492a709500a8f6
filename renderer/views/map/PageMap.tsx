import './map.css';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Pid } from '../../../core/contract/ids.ts';
import type { World } from '../../../core/model/world.ts';
import { lineAt, type MapLine, mapLines, memorySignature } from '../../store/selectors/mapRows.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { useFocus } from '../../store/useFocus.ts';
import { usePlan } from '../../store/usePlan.ts';
import { Empty } from '../../widgets/controls.tsx';
import { bytes } from '../../widgets/format.ts';
import { MapRowLine } from './MapRowLine.tsx';
import { MapToolbar } from './MapToolbar.tsx';
import { useMapKeys } from './useMapKeys.ts';

/** Height of a line: a row starting a new owner has a rule above it, the row of the selected page is magnified. */
const heights = { gap: 19, row: 19, first: 24, magnified: 60 } as const;
/** Pixels beside the marks: the other columns of `map.css` with their margins, in a wide and in a narrow map. */
const beside = (width: number): number => (width > 680 ? 112 + 116 + 94 + 34 + 60 : 84 + 84 + 90 + 28 + 52) + 40;

/** The lines of one address space; made anew only when memory changed, whatever else the log says. */
function useLines(world: World, pid: Pid | null): readonly MapLine[] {
  const history = useKeyhole((s) => s.history);
  const signature = memorySignature(world);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the world
  return useMemo(() => {
    const space = pid === null ? undefined : world.spaces.get(pid);
    return space ? mapLines(world, space) : [];
  }, [history, pid, signature]);
}

/** The address space in address order: every mapped page as it is at the instant shown. */
export function PageMap(): ReactNode {
  const world = useWorld();
  const focus = useFocus();
  const overlay = useKeyhole((s) => s.overlay);
  const live = useKeyhole((s) => s.instant === null && s.source.kind === 'live');
  const [picked, setPicked] = useState<Pid | null>(null);
  const wanted = focus.pid ?? picked;
  const pid = wanted !== null && world.spaces.has(wanted) ? wanted : world.mainPid;
  const lines = useLines(world, pid);
  const plan = usePlan(live ? overlay : null);
  const steps = plan.is === 'ready' ? plan.steps : [];

  const scroller = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const selectedLine = focus.addr === null || focus.pid !== pid ? -1 : lineAt(lines, focus.addr);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    overscan: 12,
    estimateSize: (at) => {
      const line = lines[at];
      const base = line?.kind === 'row' && line.first && at > 0 ? heights.first : heights.row;
      return at === selectedLine ? base + heights.magnified : base;
    },
  });
  const shape = `${lines.length}/${selectedLine}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes follow the shape of the list
  useEffect(() => {
    virtual.measure();
    if (selectedLine >= 0) virtual.scrollToIndex(selectedLine, { align: 'auto' });
  }, [shape, focus.addr]);
  const onKeyDown = useMapKeys(scroller, lines, virtual);

  return (
    <section className="page-map" aria-label="Page map">
      <MapToolbar world={world} pid={pid} onPid={setPicked} plan={live ? plan.is : 'none'} />
      {lines.length === 0 ? <Empty title="No memory at this instant">The program has mapped nothing yet.</Empty> : null}
      <div className="map-scroll" ref={scroller} role="grid" aria-label="Pages" tabIndex={0} onKeyDown={onKeyDown}>
        <div className="map-lines" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <div
                key={item.key}
                className="map-slot"
                role="row"
                tabIndex={-1}
                data-line={item.index}
                style={{ transform: `translateY(${item.start}px)`, height: item.size }}
              >
                {line.kind === 'gap' ? (
                  <Gap size={line.end - line.start} />
                ) : (
                  <MapRowLine
                    row={line}
                    top={item.index === 0}
                    world={world}
                    room={width - beside(width)}
                    steps={steps}
                    focus={item.index === selectedLine ? focus : null}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

function Gap({ size }: { size: number }): ReactNode {
  return (
    <div className="map-gap dim" role="gridcell" tabIndex={-1}>
      <span>{bytes(size)} unmapped</span>
    </div>
  );
}
