import type { FormEvent, ReactNode } from 'react';
import type { Action } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';
import { TextField } from '../../widgets/field.tsx';

interface OneFieldProps {
  readonly title: string;
  readonly label: string;
  readonly placeholder: string;
  readonly button: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly ready: boolean;
  readonly action: Action;
  readonly onSubmit: () => void;
  readonly onFocus?: () => void;
  /** What is offered below. */
  readonly children?: ReactNode;
}

/** A start that needs one field: the field, its button, its failure, and what is offered instead of typing. */
export function OneField(props: OneFieldProps): ReactNode {
  const { title, label, placeholder, button, value, onChange, ready, action, onSubmit, onFocus, children } = props;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) onSubmit();
  };
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <form className="launch-form" onSubmit={submit}>
        <div className="launch-line">
          <TextField label={label} value={value} onChange={onChange} placeholder={placeholder} onFocus={onFocus} />
          <Button type="submit" disabled={action.busy || !ready}>
            {button}
          </Button>
        </div>
      </form>
      {action.error ? <Failure text={action.error} onDismiss={action.clear} /> : null}
      {children}
    </section>
  );
}
