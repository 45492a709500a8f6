import type { ReactNode } from 'react';

export interface Choice {
  readonly text: string;
  readonly title: string;
  readonly choose: () => void;
}

/** One line for each of a few things to start with; nothing where there is none. */
export function Choices({
  label,
  busy,
  choices,
}: {
  label: string;
  busy: boolean;
  choices: readonly Choice[];
}): ReactNode {
  if (choices.length === 0) return null;
  return (
    <ul aria-label={label}>
      {choices.map(({ text, title, choose }) => (
        <li key={`${text} ${title}`}>
          <button type="button" className="launch-row" disabled={busy} title={title} onClick={choose}>
            <span className="clip mono">{text}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
