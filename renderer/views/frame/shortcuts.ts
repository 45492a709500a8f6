import { useEffect } from 'react';
import { copy } from '../../store/copy.ts';
import type { Store } from '../../store/store.ts';
import { commandOf } from './keys.ts';

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));

/** Space presses a button that has the focus; it is not ours there. */
const pressesHere = (event: KeyboardEvent): boolean =>
  event.key === ' ' &&
  event.target instanceof HTMLElement &&
  event.target.closest('button, [role="tab"], [role="option"], summary') !== null;

/** The window's own keys. Fields keep theirs, and so does an open dialog. */
export function useShortcuts(store: Store): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      if (typing(event.target) && !/^F\d/.test(event.key)) return;
      const command = commandOf(event);
      if (!command || pressesHere(event)) return;
      if (command.refused?.(store.getState())) {
        // The key is the window's all the same: a page must not print or go back instead.
        if (event.ctrlKey || event.altKey) event.preventDefault();
        return;
      }
      if (command.run(store) !== false) event.preventDefault();
    };
    const onClick = (event: MouseEvent): void => {
      const value = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-copy]') : null;
      const pressed =
        event.target instanceof Element ? event.target.closest('button, [role="option"], [role="row"]') : null;
      if (value && pressed === null) void copy(store, value.dataset.copy ?? '');
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('click', onClick);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('click', onClick);
    };
  }, [store]);
}
