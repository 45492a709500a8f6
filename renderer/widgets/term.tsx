import './term.css';
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { meaningOf, wordOf } from './glossary.ts';

/**
 * A word that can be looked up where it stands: its tooltip or a press tells what it means. The panel is the platform's own popover:
 * above everything, closed by Escape or a press elsewhere, and the focus stays where it was.
 */
export function Term({ of, children }: { of: string; children?: ReactNode }): ReactNode {
  const id = useId();
  const panel = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  useLayoutEffect(() => {
    const word = panel.current?.previousElementSibling?.getBoundingClientRect();
    if (!open || !panel.current || !word) return;
    const { clientWidth, clientHeight } = document.documentElement;
    const { offsetWidth, offsetHeight, style } = panel.current;
    style.left = `${Math.max(8, Math.min(word.left, clientWidth - offsetWidth - 8))}px`;
    style.top = `${Math.max(8, Math.min(word.bottom + 4, clientHeight - offsetHeight - 8))}px`;
  }, [open]);
  const meaning = meaningOf(of);
  if (meaning === null) return children ?? of;
  return (
    <span className="term">
      {children ?? of}
      {/* Over the word, which stays plain text: a heading is read as it is, and then that it can be looked up. */}
      <button
        type="button"
        aria-label={`What ${of} means`}
        popoverTarget={id}
        title={meaning}
        // A row that selects something does not hear of it.
        onClick={(event) => event.stopPropagation()}
      />
      <span
        ref={panel}
        popover="auto"
        id={id}
        className="term-panel"
        role="note"
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {open ? (
          <>
            <strong>{of}</strong> {meaning}
          </>
        ) : null}
      </span>
    </span>
  );
}

/** The head of a column; a word of the glossary can be looked up there. */
export function Head({ text, num }: { text: string; num?: boolean }): ReactNode {
  return (
    <th scope="col" className={num ? 'num' : undefined}>
      <Label text={text} />
    </th>
  );
}

/** A label of the window; one that the glossary knows can be looked up. */
export function Label({ text }: { text: string }): ReactNode {
  const word = wordOf(text);
  return word === null ? text : <Term of={word}>{text}</Term>;
}

/** A sentence in which the first use of each of the given words can be looked up. */
export function Glossed({ text, words }: { text: string; words: readonly string[] }): ReactNode {
  let rest = text;
  const parts: ReactNode[] = [];
  const left = new Set(words);
  while (left.size > 0) {
    const found = [...left]
      .map((word) => ({ word, at: rest.search(new RegExp(`\\b${word}s?\\b`)) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at)[0];
    if (!found) break;
    const { word, at } = found;
    parts.push(rest.slice(0, at), <Label key={word} text={word} />);
    rest = rest.slice(at + word.length);
    left.delete(word);
  }
  return [...parts, rest];
}

/** A sentence in which each `rule R4` can be looked up. */
export function Ruled({ text }: { text: string }): ReactNode {
  return text.split(/(?<=\brule )([RAST]\d+)\b/).map((part, i) =>
    // The parts of a sentence have a fixed order; every second one is a rule.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    i % 2 === 1 ? <Term key={i} of={part} /> : part,
  );
}
