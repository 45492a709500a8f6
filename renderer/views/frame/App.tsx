import './frame.css';
import { type CSSProperties, lazy, type ReactNode, Suspense, useEffect } from 'react';
import { visible } from '../../../core/model/visible.ts';
import { Calm } from '../../store/calm.tsx';
import { sizeLimits } from '../../store/layout.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { waitingFor } from '../../store/waiting.ts';
import { Boundary } from '../../widgets/boundary.tsx';
import { Button, Failure } from '../../widgets/controls.tsx';
import { Resizer } from '../../widgets/resizer.tsx';
import { CardPanel } from '../card/CardPanel.tsx';
import { LaunchScreen } from '../launch/LaunchScreen.tsx';
import { LeftPanel } from '../left/LeftPanel.tsx';
import { BottomPanel } from './BottomPanel.tsx';
import { Dropped } from './Dropped.tsx';
import { MiddlePanel } from './MiddlePanel.tsx';
import { Sheet } from './Sheet.tsx';
import { useShortcuts } from './shortcuts.ts';
import { Told } from './Told.tsx';
import { TopBar } from './TopBar.tsx';
import { useDrop } from './useDrop.ts';
import { useMenu } from './useMenu.ts';
import { Awaited, NoWord } from './Waiting.tsx';

/** How often the panels follow a program that runs: each in its own time, so that none makes the others' turn longer. */
const LEFT_MS = 310;
const CARD_MS = 230;
const BOTTOM_MS = 170;

/** Its list is a library's; it comes with the first look. */
const Palette = lazy(() => import('./Palette.tsx'));

/** The window: the launch screen while there is nothing to look at, else the five areas; before it knows which, neither. */
export function App(): ReactNode {
  const store = useStoreApi();
  useShortcuts(store);
  useDrop(store);
  useMenu(store);
  const theme = useKeyhole((s) => s.theme);
  const palette = useKeyhole((s) => s.paletteOpen);
  const empty = useKeyhole((s) => s.source.kind === 'none' || s.launching);
  const awaited = useKeyhole((s) => s.source.kind === 'awaited');
  const title = useKeyhole((s) => ('title' in s.source ? `${s.source.title} · Keyhole` : 'Keyhole'));
  // While rendering: what is below reads the theme's inks as it is rendered.
  if (document.documentElement.dataset.theme !== theme) document.documentElement.dataset.theme = theme;
  useEffect(() => {
    document.title = visible(title);
  }, [title]);
  return (
    <>
      <div className="window" data-empty={empty}>
        <TopBar />
        <Notices />
        {awaited ? <NoWord /> : empty ? <LaunchScreen /> : <Areas />}
      </div>
      <Sheet />
      <Told />
      <Dropped />
      {palette ? (
        <Suspense>
          <Palette />
        </Suspense>
      ) : null}
    </>
  );
}

function Areas(): ReactNode {
  const sizes = useKeyhole((s) => s.sizes);
  const setSize = useKeyhole((s) => s.setSize);
  const selected = useKeyhole((s) => s.selected);
  const below = useKeyhole((s) => s.bottomView);
  const waiting = useKeyhole((s) => waitingFor(s) !== null);
  const style = { '--left': `${sizes.left}px`, '--right': `${sizes.right}px`, '--bottom': `${sizes.bottom}px` };
  const edge = (panel: 'left' | 'right' | 'bottom'): { size: number; min: number; max: number } => ({
    size: sizes[panel],
    min: sizeLimits[panel][0],
    max: sizeLimits[panel][1],
  });
  return (
    <div className="areas" style={style as CSSProperties}>
      <div className="left-panel area">
        <Boundary name="The session panel">
          <Calm ms={LEFT_MS}>{waiting ? <Awaited>Threads, keys and their rights.</Awaited> : <LeftPanel />}</Calm>
        </Boundary>
        <Resizer
          name="Width of the session panel"
          orientation="vertical"
          area="left"
          sign={1}
          {...edge('left')}
          onResize={(size) => setSize('left', size)}
        />
      </div>
      <MiddlePanel />
      <div className="card-panel area">
        <Boundary name="The card" retryOn={selected}>
          <Calm ms={CARD_MS}>
            {waiting ? <Awaited>The card of a denied access, or of what is selected.</Awaited> : <CardPanel />}
          </Calm>
        </Boundary>
        <Resizer
          name="Width of the card"
          orientation="vertical"
          area="right"
          sign={-1}
          {...edge('right')}
          onResize={(size) => setSize('right', size)}
        />
      </div>
      <div className="bottom-panel area">
        <Boundary name="The lower panel" retryOn={below}>
          <Calm ms={BOTTOM_MS}>
            <BottomPanel />
          </Calm>
        </Boundary>
        <Resizer
          name="Height of the timelines"
          orientation="horizontal"
          area="bottom"
          sign={-1}
          {...edge('bottom')}
          onResize={(size) => setSize('bottom', size)}
        />
      </div>
    </div>
  );
}

/** Failures that belong to no single control: a lost connection, a launch or an engine that died. */
function Notices(): ReactNode {
  const link = useKeyhole((s) => s.link);
  const failure = useKeyhole((s) => s.failure);
  const dismiss = useKeyhole((s) => s.dismissFailure);
  const reconnect = useKeyhole((s) => s.reconnect);
  const showFailure = useKeyhole((s) => s.failure !== null && s.source.kind !== 'none' && !s.launching);
  const dropped = useKeyhole((s) => s.dropFailure);
  const clear = useKeyhole((s) => s.tellDropFailure);
  // Before the first word there is no connection that could be lost.
  const away = useKeyhole((s) => s.link !== 'open' && s.source.kind !== 'awaited');
  if (!away && !showFailure && dropped === null) return null;
  return (
    <div className="notices">
      {away ? (
        <div className="failure" role="alert">
          <span>
            {link === 'lost'
              ? 'The connection to the session is lost. What is here stays readable. If Keyhole has ended, start it anew.'
              : 'Connecting to the session again…'}
          </span>
          <Button disabled={link !== 'lost'} onClick={reconnect}>
            Connect again
          </Button>
        </div>
      ) : null}
      {dropped === null ? null : <Failure text={dropped} onDismiss={() => clear(null)} />}
      {showFailure && failure !== null ? <Failure text={failure} onDismiss={dismiss} /> : null}
    </div>
  );
}
