import { useEffect } from 'react';
import { control } from '../../store/session.ts';
import { stepEvent, stepFault, stepPage, stepThread } from '../../store/steps.ts';
import type { Store } from '../../store/store.ts';
import { copyTarget, copyText } from '../../widgets/value.tsx';

const views = ['map', 'tls', 'segments', 'keys'] as const;

/** Areas in the order that F6 walks through them. */
const areas = ['.top-bar', '.left-panel', '.middle-panel', '.card-panel', '.bottom-panel'];

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));

function nextArea(back: boolean): void {
  const here = areas.findIndex((area) => document.activeElement?.closest(area));
  const next = document.querySelector(areas[(here + (back ? areas.length - 1 : 1)) % areas.length] ?? '');
  next?.querySelector<HTMLElement>('button:not(:disabled), [tabindex="0"], input')?.focus();
}

function pauseOrContinue(store: Store): void {
  const { phase } = store.getState().history.latest();
  if (phase.at !== 'running' && phase.at !== 'paused') return;
  // A refusal (the program ended meanwhile) shows in the state beside the buttons.
  control(store, phase.at === 'running' ? 'pause' : 'continue').catch(() => {});
}

/** What one key does; answers false when the key is not ours. */
function act(store: Store, event: KeyboardEvent): boolean {
  const state = store.getState();
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined;
  if (by !== undefined && !event.metaKey) {
    if (event.ctrlKey) stepPage(store, by);
    else if (event.altKey) stepThread(store, by);
    else if (event.shiftKey) stepFault(store, by);
    else stepEvent(store, by);
    return true;
  }
  if (event.ctrlKey || event.metaKey) {
    if (event.key === 'k') {
      const { at } = state.history.latest().phase;
      if (state.source.kind === 'live' && (at === 'running' || at === 'paused')) state.askKill(true);
      return true;
    }
    if (event.key === 'z' && state.instant === null && state.source.kind === 'live') {
      control(store, 'revert').catch(() => {});
      return true;
    }
    return false;
  }
  if (event.altKey) return false;
  switch (event.key) {
    case '?':
      state.setSheet(!state.sheetOpen);
      return true;
    case 'F6':
      nextArea(event.shiftKey);
      return true;
    case '/':
      document.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
      return true;
    case 'l':
    case 'L':
      state.goLive();
      return true;
    case 't':
    case 'T':
      state.setView('tls');
      return true;
    case 'c':
    case 'C': {
      const text = copyTarget();
      if (text !== null) void copyText(text);
      return text !== null;
    }
    case ' ':
      if (event.target instanceof HTMLElement && event.target.closest('button, [role="tab"], [role="option"]'))
        return false;
      pauseOrContinue(store);
      return true;
    default: {
      const view = views[Number(event.key) - 1];
      if (view) state.setView(view);
      return view !== undefined;
    }
  }
}

/** The window's own keys. Fields keep theirs, and so does an open dialog. */
export function useShortcuts(store: Store): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || typing(event.target) || document.querySelector('dialog[open]')) return;
      if (act(store, event)) event.preventDefault();
    };
    const onClick = (event: MouseEvent): void => {
      const value = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-copy]') : null;
      if (value && !value.closest('button, [role="option"], [role="row"]')) void copyText(value.dataset.copy ?? '');
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('click', onClick);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('click', onClick);
    };
  }, [store]);
}
