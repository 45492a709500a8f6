import './field.css';
import { type ReactNode, useId } from 'react';
import { wordOf } from './glossary.ts';
import { Term } from './term.tsx';

interface FieldProps {
  /** What the control is called; what stands after its first comma says more of it. */
  readonly label: string;
  /** What is looked up at the label, where the glossary does not know it by its name. */
  readonly of?: string;
  readonly children: (id: string) => ReactNode;
}

/** A control under its label, which can be looked up. The word is beside the label, not in it: a press asks, and chooses nothing. */
export function Field({ label, of, children }: FieldProps): ReactNode {
  const id = useId();
  const comma = label.indexOf(',');
  const [name, more] = comma < 0 ? [label, ''] : [label.slice(0, comma), label.slice(comma + 2)];
  const word = of ?? wordOf(name);
  return (
    <div className="form-field">
      <span className="field-label">
        {word === null ? (
          <label htmlFor={id}>{label}</label>
        ) : (
          <>
            <Term of={word}>
              <label htmlFor={id}>{name}</label>
            </Term>
            {more === '' ? null : (
              <>
                , <label htmlFor={id}>{more}</label>
              </>
            )}
          </>
        )}
      </span>
      {children(id)}
    </div>
  );
}

interface TextProps extends Omit<FieldProps, 'children'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  /** More than one line, and how many are in sight. */
  readonly rows?: number;
  readonly onFocus?: (() => void) | undefined;
}

/** A field for text that a machine reads. */
export function TextField({ value, onChange, placeholder, rows, onFocus, ...field }: TextProps): ReactNode {
  const input = { className: 'field mono', value, placeholder, spellCheck: false, onFocus };
  return (
    <Field {...field}>
      {(id) =>
        rows === undefined ? (
          <input {...input} id={id} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <textarea {...input} id={id} rows={rows} onChange={(event) => onChange(event.target.value)} />
        )
      }
    </Field>
  );
}

interface CheckProps {
  readonly label: string;
  /** What its mark explains. */
  readonly of: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Something that is on or off. Its label switches it, so what it means stands beside it. */
export function Check({ label, of, checked, disabled, onChange }: CheckProps): ReactNode {
  return (
    <div className="check">
      <label>
        <input
          type="checkbox"
          checked={checked}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
        />
        {label}
      </label>
      <Term of={of}>
        <span className="check-mark" aria-hidden="true">
          ?
        </span>
      </Term>
    </div>
  );
}
