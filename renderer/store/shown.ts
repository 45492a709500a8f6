import { createContext, useContext } from 'react';
import type { FaultFacts } from '../../core/contract/details.ts';
import { ruleWords } from '../../core/contract/pause.ts';
import type { Phase } from '../../core/contract/phase.ts';
import type { History } from '../../core/model/history.ts';
import type { World } from '../../core/model/world.ts';
import { type State, useKeyhole } from './store.ts';

/** Row of the instant the window shows; -1 while the log is empty. */
export const shownIndex = (state: State): number => state.instant ?? state.length - 1;

/** The world at the instant shown, and the one at the live edge. */
export interface Worlds {
  readonly history: History;
  readonly world: World;
  readonly latest: World;
}

/** The worlds of a part of the window that follows the log in its own time; null: those of the store. */
export const ShownWorlds = createContext<Worlds | null>(null);

/** The world at the instant shown. The same object until the instant moves. */
export function useWorld(): World {
  const own = useContext(ShownWorlds);
  return useKeyhole((s) => own?.world ?? s.history.at(shownIndex(s)));
}

/** The world at the live edge, whatever instant is shown: what the controls act on. */
export function useLatest(): World {
  const own = useContext(ShownWorlds);
  return useKeyhole((s) => own?.latest ?? s.history.at(s.length - 1));
}

/** True while the shown instant follows the live edge. */
export const useIsLive = (): boolean => useKeyhole((s) => s.instant === null);

/** Whether live actions make sense at all: a live source whose program has not ended. */
export const useCanControl = (): boolean => useKeyhole(canControl);

/** The same for handlers that read the state when they run. */
export function canControl(s: State): boolean {
  const { at } = s.history.at(s.length - 1).phase;
  return s.source.kind === 'live' && s.link === 'open' && (at === 'running' || at === 'paused');
}

/** What the newest instant is called: nothing comes after the end of a program, of a recording, or of watching. */
export const useEdge = (): 'End' | 'Live' => useKeyhole(edge);

export function edge(s: State): 'End' | 'Live' {
  const { at } = s.history.at(s.length - 1).phase;
  return s.source.kind === 'snapshot' || at === 'ended' || at === 'detached' ? 'End' : 'Live';
}

/** Where a session stands, in one short sentence; `fault` is the last one, for a stop at it. */
export function phaseWords(
  phase: Phase,
  failure: string | null,
  fault: FaultFacts | null = null,
): { head: string; rest: string } {
  if (failure !== null) return { head: 'Failed', rest: '' };
  switch (phase.at) {
    case 'empty':
      return { head: 'Starting', rest: '' };
    case 'running':
      return { head: 'Running', rest: `${phase.initEnded ? 'init ended' : 'in startup'}, pid ${phase.pid}` };
    case 'paused':
      return { head: pauseWords(phase, fault), rest: `pid ${phase.pid}` };
    case 'ended':
      return 'code' in phase.exit
        ? { head: 'Ended', rest: `exit status ${phase.exit.code}` }
        : { head: 'Killed', rest: `by ${phase.exit.signal}` };
    case 'detached':
      return { head: 'Detached', rest: `process ${phase.pid} ${phase.stopped ? 'is left stopped' : 'runs on'}` };
    case 'failed':
      return { head: 'Failed', rest: phase.error };
  }
}

const faultStop = (fault: FaultFacts | null): string =>
  fault?.outcome === 'denied'
    ? `Stopped at a denied ${fault.access === 'unknown' ? 'access' : fault.access}`
    : 'Stopped at a fault';

function pauseWords(phase: Extract<Phase, { at: 'paused' }>, fault: FaultFacts | null): string {
  switch (phase.why) {
    case 'user':
      return 'Paused';
    case 'start':
      return 'Stopped at the start';
    case 'end':
      return 'Stopped before the end';
    case 'fault':
      return faultStop(fault);
    case 'rule':
      return phase.rule === 'fault' ? faultStop(fault) : `Paused on ${phase.rule ? ruleWords(phase.rule) : 'an event'}`;
  }
}
