import { Pause, Play, Square, StepForward, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { control, runAgain } from '../../store/session.ts';
import { useCanControl, useLatest } from '../../store/shown.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Button, Failure } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { Glossed } from '../../widgets/term.tsx';
import { PauseOn } from './PauseOn.tsx';

/** Run, pause, continue, kill. They act on the program, whatever instant is shown. */
export function RunControls(): ReactNode {
  const store = useStoreApi();
  const { phase, session } = useLatest();
  const canControl = useCanControl();
  const source = useKeyhole((s) => s.source);
  const asking = useKeyhole((s) => s.askingKill);
  const setAsking = useKeyhole((s) => s.askKill);
  const setLaunching = useKeyhole((s) => s.setLaunching);
  const reached = useKeyhole((s) => s.link === 'open');
  const action = useAction();
  const again = source.kind === 'live' && !session?.attached;
  const over = phase.at === 'ended' || phase.at === 'detached' || phase.at === 'failed' || source.kind !== 'live';

  const run = (): void => {
    if (again) action.run(() => runAgain(store));
    else setLaunching(true);
  };
  return (
    <div className="run-controls">
      <div className="control-group" role="group" aria-label="Program">
        <Button
          disabled={!over || !reached || action.busy}
          title={again ? `Run ${source.title} again` : 'Choose what to run'}
          onClick={run}
        >
          <Play size={11} aria-hidden="true" />
          Run
        </Button>
        <Button
          disabled={!canControl || phase.at !== 'running' || action.busy}
          title="Pause (Space)"
          onClick={() => action.run(() => control(store, 'pause'))}
        >
          <Pause size={11} fill="currentColor" aria-hidden="true" />
          Pause
        </Button>
        <PauseOn />
        <Button
          disabled={!canControl || phase.at !== 'paused' || action.busy}
          title="Continue (Space); the shown instant stays"
          onClick={() => action.run(() => control(store, 'continue'))}
        >
          <StepForward size={11} aria-hidden="true" />
          Continue
        </Button>
        {session?.attached ? (
          <Button
            disabled={!canControl || action.busy}
            title="Let go of the program: it runs on, as it was found"
            onClick={() => action.run(() => control(store, 'detach'))}
          >
            <Unplug size={11} aria-hidden="true" />
            Detach
          </Button>
        ) : null}
        <Button variant="danger" disabled={!canControl} title="Kill (Ctrl K)" onClick={() => setAsking(true)}>
          <Square size={9} fill="currentColor" aria-hidden="true" />
          Kill
        </Button>
      </div>
      {action.error ? (
        <div className="run-failure">
          <Failure text={action.error} onDismiss={action.clear} />
        </div>
      ) : null}
      {asking ? (
        <Dialog
          title="Kill the program?"
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Keep it</Button>
              <Button
                variant="primary"
                onClick={() => {
                  setAsking(false);
                  action.run(() => control(store, 'kill'));
                }}
              >
                Kill the program
              </Button>
            </>
          }
        >
          <p className="ink2">
            <Glossed
              text="It ends at once with SIGKILL. The log up to then stays, and can be saved as a snapshot."
              words={['log', 'snapshot']}
            />
          </p>
        </Dialog>
      ) : null}
    </div>
  );
}
