import type { ReactNode } from 'react';
import type { KeyChange } from '../../../core/model/keyHistory.ts';
import { changeWords } from '../../../core/model/keyHistory.ts';
import { showEvent } from '../../store/steps.ts';
import { useStoreApi } from '../../store/store.ts';
import { plural } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Label, Ruled } from '../../widgets/term.tsx';
import { useKeptFocus } from '../../widgets/useKeptFocus.ts';
import { Time, Value } from '../../widgets/value.tsx';

interface CardProps {
  /** Name of the region: `Fault card`, `Page card`, … */
  readonly label: string;
  readonly title: ReactNode;
  readonly note?: ReactNode;
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of a card: a head, what it says, and what can be done about it. */
export function Card({ label, title, note, aside, actions, children }: CardProps): ReactNode {
  return (
    <section className="card" aria-label={label}>
      <header className="card-head">
        {title}
        {note ? <span className="ink2 clip">{note}</span> : null}
        {aside ? <span className="dim card-aside">{aside}</span> : null}
      </header>
      <div className="card-body">{children}</div>
      {actions ? <Actions>{actions}</Actions> : null}
    </section>
  );
}

/** What can be done changes by being done: the focus stays among it. */
function Actions({ children }: { children: ReactNode }): ReactNode {
  return (
    <footer className="card-actions" {...useKeptFocus<HTMLElement>()}>
      {children}
    </footer>
  );
}

/** A titled part of a card. */
export function Part({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <section className="card-part" aria-label={title}>
      <header>
        <h3>
          <Label text={title} />
        </h3>
        {aside ? <span className="dim clip">{aside}</span> : null}
      </header>
      {children}
    </section>
  );
}

/** Names and values, one a line; a value in words is copied whole. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }): ReactNode {
  return (
    <dl className="card-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>
            <Label text={name} />
          </dt>
          <dd>
            {typeof value === 'string' ? (
              <Value copy={value} title={`${name}: ${value}`}>
                <Ruled text={value} />
              </Value>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface KeyHistoryProps {
  readonly changes: readonly KeyChange[];
  /** Row of the instant shown: later changes stand under a dashed rule. */
  readonly now: number;
  readonly middle?: ReactNode;
}

/** The key of a page over time, oldest first; a click shows that instant. */
export function KeyHistory({ changes, now, middle }: KeyHistoryProps): ReactNode {
  const store = useStoreApi();
  const before = changes.filter((change) => change.event <= now);
  const after = changes.filter((change) => change.event > now);
  const line = (change: KeyChange, later: boolean): ReactNode => (
    <li key={change.event}>
      <button type="button" className="history-row" data-later={later} onClick={() => showEvent(store, change.event)}>
        <span className="mono dim">
          <Time ns={change.time} />
        </span>
        {change.what === 'unmapped' ? <span className="history-none">–</span> : <KeyChip k={change.after} />}
        <span className="clip" title={changeWords(change)}>
          {changeWords(change)}
        </span>
        <span className="dim clip">{later ? 'later' : change.cause === 'assumed' ? 'assumed' : ''}</span>
      </button>
    </li>
  );
  return (
    <Part title="Key of this page" aside={plural(changes.length, 'change')}>
      <ol className="history">
        {before.map((change) => line(change, false))}
        {middle ? <li className="history-now">{middle}</li> : null}
        {after.map((change) => line(change, true))}
      </ol>
      {changes.length === 0 ? <p className="dim">The log has no event about this page.</p> : null}
    </Part>
  );
}
