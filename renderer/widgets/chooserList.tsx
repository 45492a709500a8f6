import { Command } from 'cmdk';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Tab } from './tabs.tsx';

interface ChooserListProps {
  readonly label: string;
  readonly choices: readonly Tab<string>[];
  readonly current: string;
  readonly onSelect: (id: string) => void;
}

/** Every choice that has what was typed in its words, each word of it, in the order in which they are. */
const holds = (words: string, typed: string): number =>
  typed
    .toLowerCase()
    .split(/\s+/)
    .every((part) => words.toLowerCase().includes(part))
    ? 1
    : 0;

/** The list of a chooser: typing filters it, arrows and Enter choose. */
export default function ChooserList({ label, choices, current, onSelect }: ChooserListProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // It may open at the foot of what scrolls.
    list.current?.scrollIntoView({ block: 'nearest' });
    input.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Command
      ref={list}
      label={label}
      className="chooser-list"
      defaultValue={current}
      filter={(_id, typed, words) => holds(words?.join(' ') ?? '', typed)}
    >
      <Command.Input ref={input} className="field" placeholder={`One of ${choices.length}`} />
      <Command.List className="chooser-rows" label={label}>
        <Command.Empty className="dim">None of {choices.length} is called that.</Command.Empty>
        {choices.map(({ id, label: words, note }) => (
          <Command.Item
            key={id}
            value={id}
            keywords={[words, note ?? '']}
            className="chooser-row"
            data-current={id === current}
            onSelect={onSelect}
          >
            <span>{words}</span>
            {note === undefined ? null : <span className="dim">{note}</span>}
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}
