import './controls.css';
import { TriangleAlert } from 'lucide-react';
import { type ButtonHTMLAttributes, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { Label } from './term.tsx';

/** A key on the keyboard, beside the control it triggers. */
export function Kbd({ children }: { children: ReactNode }): ReactNode {
  return (
    <span className="kbd" aria-hidden="true">
      {children}
    </span>
  );
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly shortcut?: string;
}

/** A button. While it works it may be disabled, and loses the focus by that: it has it again afterwards, if nothing else has. */
export function Button({ variant = 'plain', shortcut, children, className, ...rest }: ButtonProps): ReactNode {
  const ref = useRef<HTMLButtonElement>(null);
  const lost = useRef(false);
  const disabled = rest.disabled === true;
  useLayoutEffect(() => {
    const { activeElement, body } = document;
    if (disabled) lost.current = activeElement === ref.current;
    else if (lost.current) {
      lost.current = false;
      if (activeElement === body) ref.current?.focus({ preventScroll: true });
    }
  }, [disabled]);
  return (
    <button type="button" ref={ref} className={`button button-${variant} ${className ?? ''}`} {...rest}>
      {children}
      {shortcut ? <Kbd>{shortcut}</Kbd> : null}
    </button>
  );
}

interface BadgeProps {
  readonly children: ReactNode;
  readonly title: string;
  readonly className?: string;
}

/** A fact about how the session works that must never be hidden. */
export function Badge({ children, title, className }: BadgeProps): ReactNode {
  return (
    <span className={`badge ${className ?? ''}`} title={title}>
      {children}
    </span>
  );
}

/** The cross that stands with every use of red. */
export function Cross({ size = 14 }: { size?: number }): ReactNode {
  return (
    <svg className="cross" width={size} height={size} viewBox="0 0 14 14" aria-hidden="true">
      <circle cx="7" cy="7" r="7" />
      <path d="M4.5 4.5l5 5m0-5l-5 5" />
    </svg>
  );
}

interface SectionProps {
  readonly title: string;
  readonly aside?: ReactNode;
  /** Landmark name when it differs from the title. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** A titled part of a panel; a region for assistive technology. */
export function Section({ title, aside, label, children }: SectionProps): ReactNode {
  return (
    <section className="section" aria-label={label ?? title}>
      <header className="section-head">
        <h2>
          <Label text={title} />
        </h2>
        {aside === undefined ? null : <span className="section-aside clip">{aside}</span>}
      </header>
      {children}
    </section>
  );
}

/** What to do next where there is nothing to show yet. */
export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children ? <p>{children}</p> : null}
    </div>
  );
}

/** An action's failure, in words, where the action was taken. Ink, not red: red is for denied accesses. */
export function Failure({ text, onDismiss }: { text: string; onDismiss?: () => void }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  // Where the action was taken may be the last line in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is another failure
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, [text]);
  return (
    <div className="failure" role="alert" ref={box}>
      <TriangleAlert size={14} aria-hidden="true" />
      <span>{text}</span>
      {onDismiss ? (
        <Button variant="quiet" onClick={onDismiss}>
          Dismiss
        </Button>
      ) : null}
    </div>
  );
}
