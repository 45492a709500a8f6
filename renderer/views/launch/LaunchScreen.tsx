import './launch.css';
import type { ReactNode } from 'react';
import { useCanControl, useLatest } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { Button, Failure } from '../../widgets/controls.tsx';
import { AttachForm } from './AttachForm.tsx';
import { Examples } from './Examples.tsx';
import { FileForm } from './FileForm.tsx';
import { ProgramForm } from './ProgramForm.tsx';
import { OpenSnapshot } from './SnapshotButtons.tsx';

/** Where a session starts: an example, a launch file, a program typed by hand, or a saved snapshot. */
export function LaunchScreen(): ReactNode {
  const failure = useKeyhole((s) => s.failure);
  const dismiss = useKeyhole((s) => s.dismissFailure);
  const hasSession = useKeyhole((s) => s.source.kind !== 'none');
  const setLaunching = useKeyhole((s) => s.setLaunching);
  const { session } = useLatest();
  const runs = useCanControl();
  return (
    <main className="launch" aria-label="Launch">
      <div className="launch-sheet">
        <header className="launch-head">
          <div>
            <h2 className="launch-title">Which program shall Keyhole watch?</h2>
            <p className="ink2">
              It runs under Keyhole with its memory split into compartments. Every mapping, tag, gate and denied access
              goes into a log that you can walk through, live or afterwards. A launch file, a program or a snapshot can
              also be dropped here.
            </p>
          </div>
          {hasSession ? <Button onClick={() => setLaunching(false)}>Back to the session</Button> : null}
        </header>
        {runs ? (
          <p className="launch-note">
            {session?.attached
              ? 'A program is being watched: whatever is started or opened here lets go of it, and it runs on.'
              : 'A program is running: whatever is started or opened here ends it. What is not saved of its log is gone.'}
          </p>
        ) : null}
        {failure ? <Failure text={failure} onDismiss={dismiss} /> : null}
        <div className="launch-columns">
          <div className="launch-forms">
            <Examples />
            <section aria-label="Saved session">
              <h2>Saved session</h2>
              <p className="dim">A snapshot holds the whole log; it opens with everything the window showed.</p>
              <OpenSnapshot />
            </section>
          </div>
          <div className="launch-forms">
            <FileForm />
            <ProgramForm />
            <AttachForm />
          </div>
        </div>
      </div>
    </main>
  );
}
