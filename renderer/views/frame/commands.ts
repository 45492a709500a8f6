/** Every command of the window, once: the palette and the host's menu list them, the sheet explains them, keys run them. */

import { copy } from '../../store/copy.ts';
import type { Theme, View } from '../../store/layout.ts';
import { control, saveSnapshot } from '../../store/session.ts';
import { stepEvent, stepFault, stepPage, stepThread } from '../../store/steps.ts';
import type { State, Store } from '../../store/store.ts';
import { copyTarget } from '../../widgets/value.tsx';
import { nextArea } from './areas.ts';

export const groups = ['Go to', 'Time', 'Program', 'Session', 'Window'] as const;

export interface WindowCommand {
  readonly id: string;
  readonly name: string;
  readonly group: (typeof groups)[number];
  /** Keys that run it, as `keyOf` writes them. */
  readonly keys?: readonly string[];
  /** Why it cannot be run now; null when it can. */
  readonly refused?: (state: State) => string | null;
  /** Answers false where there was nothing to do, so that the key keeps its own meaning. */
  readonly run: (store: Store) => unknown;
}

const empty = (state: State): string | null => (state.length === 0 ? 'nothing has been recorded yet' : null);

/** Live actions need a live program, as it is now. */
function notHere(state: State, ...at: readonly ('running' | 'paused')[]): string | null {
  if (state.source.kind !== 'live') return 'no program runs here';
  if (state.link !== 'open') return 'the session cannot be reached';
  const now = state.history.latest().phase.at;
  if (now !== 'running' && now !== 'paused') return 'the program has ended';
  return at.length === 0 || at.includes(now) ? null : `the program is ${now}`;
}
const past = (state: State): string | null => (state.instant === null ? null : 'the past is read-only: go live first');

/** A refusal of the session, say because the program ended meanwhile, is told in its own words. */
const said =
  (store: Store) =>
  (error: unknown): void =>
    store.getState().tell(error instanceof Error ? error.message : String(error));

const tell =
  (what: Parameters<typeof control>[1]) =>
  (store: Store): void =>
    void control(store, what).catch(said(store));

const view = (id: View, name: string, ...keys: string[]): WindowCommand => ({
  id: `view-${id}`,
  name,
  group: 'Go to',
  keys,
  run: (store) => store.getState().setView(id),
});

const below = (id: State['bottomView'], name: string): WindowCommand => ({
  id: `below-${id}`,
  name,
  group: 'Go to',
  run: (store) => store.getState().setBottomView(id),
});

const steps = (id: string, what: string, keys: string, step: (store: Store, by: 1 | -1) => unknown): WindowCommand[] =>
  ([-1, 1] as const).map((by) => ({
    id: `${id}-${by < 0 ? 'back' : 'on'}`,
    name: `${by < 0 ? 'Previous' : 'Next'} ${what}`,
    group: 'Time',
    keys: [`${keys}${by < 0 ? 'ArrowLeft' : 'ArrowRight'}`],
    refused: empty,
    run: (store) => {
      step(store, by);
    },
  }));

const other = (theme: Theme): Theme => (theme === 'dark' ? 'light' : 'dark');

export const windowCommands: readonly WindowCommand[] = [
  view('map', 'Page map', '1'),
  view('tls', 'TLS of the selected thread', '2', 't'),
  view('segments', 'Segments', '3'),
  view('keys', 'Keys and rights', '4'),
  below('timelines', 'Timelines'),
  below('rate', 'Event rate'),
  below('findings', 'Findings'),
  below('output', 'Output of the program'),
  {
    id: 'find',
    name: 'Find an address, module, symbol, key or thread',
    group: 'Go to',
    keys: ['/'],
    refused: empty,
    run: () => document.querySelector<HTMLInputElement>('input[type="search"]')?.focus(),
  },
  { id: 'area', name: 'Next area', group: 'Go to', keys: ['F6'], run: () => nextArea(false) },
  { id: 'area-back', name: 'Previous area', group: 'Go to', keys: ['Shift+F6'], run: () => nextArea(true) },

  ...steps('event', 'event', '', stepEvent),
  ...steps('fault', 'fault', 'Shift+', stepFault),
  ...steps('page', 'event about the page in focus', 'Ctrl+', stepPage),
  ...steps('thread', 'event of the thread in focus', 'Alt+', stepThread),
  {
    id: 'live',
    name: 'Back to the live edge',
    group: 'Time',
    keys: ['l'],
    refused: (state) => empty(state) ?? (state.instant === null ? 'it is shown already' : null),
    run: (store) => store.getState().goLive(),
  },
  {
    id: 'whole-run',
    name: 'Show the whole run in the timelines',
    group: 'Time',
    refused: (state) => (state.range === null ? 'it is shown already' : null),
    run: (store) => store.getState().setRange(null),
  },

  {
    id: 'pause-or-continue',
    name: 'Pause or continue',
    group: 'Program',
    keys: [' '],
    refused: (state) => notHere(state),
    run: (store) => tell(store.getState().history.latest().phase.at === 'running' ? 'pause' : 'continue')(store),
  },
  {
    id: 'pause',
    name: 'Pause',
    group: 'Program',
    refused: (state) => notHere(state, 'running'),
    run: tell('pause'),
  },
  {
    id: 'continue',
    name: 'Continue',
    group: 'Program',
    refused: (state) => notHere(state, 'paused'),
    run: tell('continue'),
  },
  {
    id: 'pause-on',
    name: 'Pause on events…',
    group: 'Program',
    refused: (state) => notHere(state),
    run: (store) => store.getState().openPauseOn(true),
  },
  {
    id: 'policy',
    name: 'Compare and apply policies…',
    group: 'Program',
    keys: ['p'],
    refused: empty,
    run: (store) => store.getState().openPolicy(true),
  },
  {
    id: 'revert',
    name: 'Revert the last policy step, tag or change of rights',
    group: 'Program',
    keys: ['Ctrl+z'],
    refused: (state) => notHere(state) ?? past(state),
    run: tell('revert'),
  },
  {
    id: 'kill',
    name: 'Kill the program…',
    group: 'Program',
    keys: ['Ctrl+k'],
    refused: (state) => notHere(state),
    run: (store) => store.getState().askKill(true),
  },
  {
    id: 'detach',
    name: 'Detach: let the program run on as it was found',
    group: 'Program',
    refused: (state) =>
      notHere(state) ?? (state.history.latest().session?.attached ? null : 'it was launched here, not attached to'),
    run: tell('detach'),
  },

  { id: 'new', name: 'New session…', group: 'Session', run: (store) => store.getState().setLaunching(true) },
  {
    id: 'save',
    name: 'Save snapshot…',
    group: 'Session',
    refused: empty,
    keys: ['Ctrl+s'],
    run: (store) => void saveSnapshot(store).then(store.getState().tell, said(store)),
  },

  {
    id: 'palette',
    name: 'All commands',
    group: 'Window',
    keys: ['Ctrl+Shift+p', 'F1'],
    run: (store) => store.getState().openPalette(true),
  },
  {
    id: 'sheet',
    name: 'Keys and words',
    group: 'Window',
    keys: ['?'],
    run: (store) => store.getState().setSheet(true),
  },
  {
    id: 'copy',
    name: 'Copy the value under the pointer or focus',
    group: 'Window',
    keys: ['c'],
    run: (store) => {
      const text = copyTarget();
      if (text !== null) void copy(store, text);
      return text !== null;
    },
  },
  {
    id: 'copy-card',
    name: 'Copy the card as text',
    group: 'Window',
    refused: (state) => (state.source.kind === 'none' || state.launching ? 'no card is shown' : null),
    // As it is laid out: its lines are lines of the text.
    // biome-ignore lint/performance/useDomNodeTextContent: see above
    run: (store) => void copy(store, document.querySelector<HTMLElement>('.card')?.innerText ?? ''),
  },
  {
    id: 'theme',
    name: 'Switch between dark and light',
    group: 'Window',
    run: (store) => store.getState().setTheme(other(store.getState().theme)),
  },
  {
    id: 'layout',
    name: 'Panels back to their first sizes',
    group: 'Window',
    run: (store) => store.getState().resetSizes(),
  },
];
