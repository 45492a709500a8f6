import './tls.css';
import { type ReactNode, useMemo } from 'react';
import { asTid } from '../../../core/contract/ids.ts';
import { presets } from '../../../core/contract/policies.ts';
import { threadShort } from '../../store/selectors/threads.ts';
import { plannedBy, predictedBy, tlsAnatomy, tlsChain } from '../../store/selectors/tlsAnatomy.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { useFocus } from '../../store/useFocus.ts';
import { usePlan } from '../../store/usePlan.ts';
import { Chooser } from '../../widgets/chooser.tsx';
import { Empty } from '../../widgets/controls.tsx';
import { Label, Term } from '../../widgets/term.tsx';
import { Address } from '../../widgets/value.tsx';
import { PlanSelect } from '../PlanSelect.tsx';
import { Bands } from './Bands.tsx';
import { Chain } from './Chain.tsx';
import { NewlyShared } from './NewlyShared.tsx';
import { PageTable } from './PageTable.tsx';
import { SideBySide } from './SideBySide.tsx';
import { Variables } from './Variables.tsx';

/** The thread-local memory of one thread, by offset from its thread pointer: the keys now, and those of a plan. */
export function TlsView(): ReactNode {
  const world = useWorld();
  const focus = useFocus();
  const overlay = useKeyhole((s) => s.overlay);
  const select = useKeyhole((s) => s.select);
  const log = useKeyhole((s) => s.log);
  const live = useKeyhole((s) => s.instant === null && s.source.kind === 'live');
  const plan = usePlan(live ? overlay : null);
  const threads = world.threadsOf(focus.pid ?? world.mainPid ?? (0 as never));
  const chosen = focus.tid === null ? ownerOf(threads, focus.addr) : threads.find((thread) => thread.tid === focus.tid);
  const thread = chosen ?? threads[0];
  const space = thread ? world.spaces.get(thread.pid) : undefined;
  const steps = live && plan.is === 'ready' ? plan.steps : null;
  // Where no engine can be asked, the rules themselves say what the policy would do.
  const predicted = steps === null && !(live && plan.is === 'loading');
  const anatomy = useMemo(() => {
    if (!thread || !space) return null;
    const rules = predicted ? predictedBy(presets[overlay], world, space, thread) : null;
    return tlsAnatomy(world, space, thread, steps === null ? rules : plannedBy(steps));
  }, [world, space, thread, steps, predicted, overlay]);
  const last = focus.fault === null ? null : log.facts(focus.fault, 'fault');
  const fault = last && space?.at(Number(last.address))?.key === last.key ? last : null;
  return (
    <section className="tls" aria-label="TLS">
      <div className="tls-toolbar">
        {thread ? (
          <Chooser
            label="Thread"
            current={String(thread.tid)}
            choices={threads.map((each) => ({
              id: String(each.tid),
              label: `${threadShort(world, each)} ${each.name ?? ''}`,
            }))}
            onSelect={(tid) => select({ kind: 'thread', tid: asTid(Number(tid)) })}
          />
        ) : null}
        {thread?.tp == null ? null : (
          <span className="dim mono">
            <Term of="TP" /> <Address at={thread.tp} full />
          </span>
        )}
        <PlanSelect className="inline-select tls-plan" />
        <span className="ink2">
          <Label text="Rounding" /> <strong>{world.policy?.rounding ?? world.session?.rounding ?? 'unknown'}</strong>
        </span>
      </div>
      {anatomy && thread && space ? (
        <div className="tls-body">
          <Bands
            anatomy={anatomy}
            policy={world.policy?.name ?? null}
            plan={{ policy: overlay, is: steps !== null ? 'ready' : predicted ? 'predicted' : 'loading' }}
            fault={fault ? Number(fault.address) : null}
            pid={thread.pid}
          />
          <PageTable anatomy={anatomy} pid={thread.pid} selected={focus.addr} hasPlan={steps !== null || predicted} />
          {thread.tls ? (
            <>
              <SideBySide world={world} space={space} threads={threads} thread={thread} />
              <Variables space={space} tls={thread.tls} />
              <NewlyShared world={world} space={space} policy={overlay} />
              <Chain links={tlsChain(space, thread, thread.tls)} pid={thread.pid} number={thread.number} />
            </>
          ) : null}
        </div>
      ) : (
        <Empty
          title={thread ? `The TLS of T${thread.number} is not known at this instant` : 'No thread at this instant'}
        >
          It becomes known when the loader has set the thread up: at the end of startup, or at the thread’s birth.
        </Empty>
      )}
    </section>
  );
}

/** The thread whose TLS holds an address, else none. */
function ownerOf<T extends { readonly tp: number | null }>(threads: readonly T[], addr: number | null): T | undefined {
  if (addr === null) return undefined;
  const near = (thread: T): number => (thread.tp === null ? Number.POSITIVE_INFINITY : Math.abs(thread.tp - addr));
  const best = [...threads].sort((a, b) => near(a) - near(b))[0];
  return best && near(best) < 64 * 4096 ? best : undefined;
}
