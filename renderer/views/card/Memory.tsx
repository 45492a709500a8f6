import { type ReactNode, useEffect, useState } from 'react';
import { hex, PAGE, type Pid } from '../../../core/contract/ids.ts';
import { hexDump, WIDTH } from '../../store/selectors/hexDump.ts';
import { useCanControl, useIsLive, useLatest } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';
import { copies, Time } from '../../widgets/value.tsx';
import { Part } from './parts.tsx';

/** The bytes of a page, read when asked for: the log has none, so they are known only while the program is there. */
export function Memory({ pid, page }: { pid: Pid; page: number }): ReactNode {
  const command = useKeyhole((s) => s.command);
  const canControl = useCanControl();
  const live = useIsLive();
  const latest = useLatest();
  const action = useAction();
  const [read, setRead] = useState<{ page: number; digits: string; time: number } | null>(null);
  const { clear } = action;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was read is of another page
  useEffect(clear, [page, clear]);
  const look = (): void =>
    action.run(async () => {
      const digits = await command({ do: 'read', pid, start: `0x${page.toString(16)}`, size: PAGE });
      setRead({ page, digits: typeof digits === 'string' ? digits : '', time: latest.time });
    });
  if (!canControl || !live) {
    return (
      <Part title="Memory">
        <p className="dim">
          {canControl
            ? 'Bytes are not in the log: they are known only as they are now. Go live to read them.'
            : 'Bytes are not in the log: they could be read only while the program was there.'}
        </p>
      </Part>
    );
  }
  const shown = read?.page === page ? read : null;
  const lines = shown ? hexDump(page, shown.digits) : [];
  const stale = shown !== null && shown.time !== latest.time;
  return (
    <Part
      title="Memory"
      aside={
        shown ? (
          <>
            as of <Time ns={shown.time} unit />
            {stale ? ', events since' : ''}
          </>
        ) : (
          '4096 bytes'
        )
      }
    >
      <Button disabled={action.busy} onClick={look}>
        {shown ? 'Read again' : 'Read its bytes'}
      </Button>
      {action.error ? <Failure text={action.error} onDismiss={clear} /> : null}
      {shown && lines.length === 0 ? <p className="dim">Nothing could be read here.</p> : null}
      {lines.length > 0 ? (
        // A long text that scrolls has to be reachable by the keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <section className="memory mono" aria-label="Bytes of the page" tabIndex={0}>
          {lines.map((line) => (
            <div key={line.at} {...copies(line.hex, `${WIDTH} bytes from ${hex(line.at)}: ${line.text}`)}>
              <span className="dim">{(line.at - page).toString(16).padStart(3, '0')}</span>
              <span>{line.hex}</span>
              <span className="ink2">{line.text}</span>
            </div>
          ))}
        </section>
      ) : null}
    </Part>
  );
}
