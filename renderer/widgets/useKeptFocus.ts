import { type HTMLAttributes, type RefObject, useEffect, useRef } from 'react';

/** For a group of controls that come and go: where the one with the focus goes, the first that is left gets it. */
export function useKeptFocus<E extends HTMLElement>(): Pick<HTMLAttributes<E>, 'onFocus' | 'onBlur'> & {
  readonly ref: RefObject<E | null>;
} {
  const ref = useRef<E>(null);
  // A control that is taken away says nothing: its blur never comes. That of one disabled meanwhile is not a person's.
  const held = useRef(false);
  useEffect(() => {
    const group = ref.current;
    if (!group) return;
    const observer = new MutationObserver(() => {
      if (!held.current || document.activeElement !== document.body) return;
      group.querySelector<HTMLElement>('button:not(:disabled)')?.focus();
    });
    observer.observe(group, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
  return {
    ref,
    onFocus: () => {
      held.current = true;
    },
    onBlur: ({ target }) => {
      held.current = target.matches(':disabled');
    },
  };
}
