import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { Button } from './controls.tsx';

const WORD = '[popovertarget]';
const ANSWER = `:is(button, input, select, textarea):not(${WORD}, :disabled)`;

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** What can be done, below; a button that closes where nothing else is said, null for none. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/**
 * A modal over the platform's own `<dialog>`: focus stays inside, Escape closes, focus returns. Title and actions stay
 * in sight while the rest scrolls.
 */
export function Dialog({ title, onClose, actions, children }: DialogProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const id = useId();
  // Closed while it is still in the page, or the platform does not give the focus back: hence the layout effect.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // The first control may be a word to look up: who presses Enter wants an answer, and begins at the first of these.
    if (document.activeElement?.matches(WORD)) dialog?.querySelector<HTMLElement>(ANSWER)?.focus();
    // What scrolls is reached by the keyboard; what does not is no stop of it.
    const scrolled = body.current;
    if (scrolled && scrolled.scrollHeight > scrolled.clientHeight) scrolled.tabIndex = 0;
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      <div className="dialog-body" ref={body}>
        {children}
      </div>
      {actions === null ? null : (
        <div className="dialog-actions">
          {actions ?? (
            <Button variant="primary" onClick={onClose}>
              Close
            </Button>
          )}
        </div>
      )}
    </dialog>
  );
}
