import './output.css';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { rowsOf } from '../../store/selectors/rows.ts';
import { shownIndex, useLatest } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { Empty } from '../../widgets/controls.tsx';

/** Lines kept in the document; older ones are in the log and in a snapshot. */
const MOST = 2000;

/** What the program printed up to the instant shown. */
export function OutputView(): ReactNode {
  const log = useKeyhole((s) => s.log);
  const upTo = useKeyhole(shownIndex);
  const rows = useMemo(() => rowsOf(log, 'output', upTo), [log, upTo]);
  const attached = useLatest().session?.attached !== undefined;
  const end = useRef<HTMLDivElement>(null);
  const shown = rows.slice(-MOST);
  // biome-ignore lint/correctness/useExhaustiveDependencies: follow the last line
  useEffect(() => {
    // Its answer is a promise in newer browsers, and must not be taken for the way to clean up.
    end.current?.scrollIntoView({ block: 'end' });
  }, [rows.length]);
  return (
    <section className="output" aria-label="Program output">
      {rows.length === 0 ? (
        <Empty
          title={attached ? 'What an attached program prints is not seen' : 'The program has printed nothing so far'}
        >
          {attached ? 'It goes where it went before.' : null}
        </Empty>
      ) : null}
      {rows.length > shown.length ? (
        <p className="dim">{rows.length - shown.length} earlier pieces are in the log.</p>
      ) : null}
      <pre className="mono">
        {shown.map((row) => {
          const facts = log.facts(row, 'output');
          return (
            <span key={row} data-stream={facts?.stream}>
              {facts?.text}
            </span>
          );
        })}
      </pre>
      <div ref={end} />
    </section>
  );
}
