import './popover.css';
import { type ReactNode, useEffect, useId, useRef } from 'react';

interface PopoverProps {
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  /** What the button shows. */
  readonly label: ReactNode;
  /** Accessible name of the panel. */
  readonly name: string;
  readonly className?: string;
  readonly align?: 'left' | 'right';
  readonly disabled?: boolean;
  readonly title?: string;
  /** The panel; `close` returns the focus to the button. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a panel below itself; Escape or a press elsewhere closes it. */
export function Popover(props: PopoverProps): ReactNode {
  const { open, onOpen, label, name, className, align = 'left', disabled, title, children } = props;
  const root = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) onOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open, onOpen]);

  const close = (): void => {
    onOpen(false);
    root.current?.querySelector('button')?.focus();
  };

  return (
    // Escape is heard here for the button and the panel alike.
    // biome-ignore lint/a11y/noStaticElementInteractions: not a control itself
    <div
      className="popover"
      ref={root}
      onKeyDown={(event) => {
        // A word that is being explained inside is closed first, by the browser.
        if (event.key === 'Escape' && open && root.current?.querySelector(':popover-open') === null) {
          event.stopPropagation();
          close();
        }
      }}
    >
      <button
        type="button"
        className={className}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        disabled={disabled}
        title={title}
        onClick={() => onOpen(!open)}
      >
        {label}
      </button>
      {open ? (
        <div className="popover-panel" data-align={align} id={id} role="dialog" aria-label={name}>
          {children(close)}
        </div>
      ) : null}
    </div>
  );
}
