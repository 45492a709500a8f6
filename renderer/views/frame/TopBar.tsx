import { CircleHelp, Moon, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { lastFault } from '../../store/selectors/focus.ts';
import { phaseWords, useLatest } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { type Waiting, waitingFor } from '../../store/waiting.ts';
import { Badge } from '../../widgets/controls.tsx';
import { Label } from '../../widgets/term.tsx';
import { Instant } from './Instant.tsx';
import { PolicyMenu } from './PolicyMenu.tsx';
import { RunControls } from './RunControls.tsx';

const keyTitles = {
  emulated:
    'This CPU has no protection keys: Keyhole enforces them by page protections and answers the key calls itself',
  hardware: 'Protection keys of this CPU',
  none: 'This CPU has no protection keys, and an attached program cannot be given emulated ones: it is only observed',
} as const;
const gateTitles = {
  virtual: 'Keyhole switches rights when control enters another compartment; the program has no gates of its own',
  program: "The program's own gates switch its rights",
} as const;

const hostTitles = {
  electron: 'The session runs in this application',
  browser: 'The session runs behind a server on this machine; this page shows it',
} as const;

/** The program and its state, the controls, the instant, the policy, and what must never be hidden. */
export function TopBar(): ReactNode {
  const { session } = useLatest();
  const host = useKeyhole((s) => s.host);
  const theme = useKeyhole((s) => s.theme);
  const setTheme = useKeyhole((s) => s.setTheme);
  const setSheet = useKeyhole((s) => s.setSheet);
  const setLaunching = useKeyhole((s) => s.setLaunching);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <header className="top-bar">
      <button
        type="button"
        className="brand"
        aria-label="New session"
        title="New session"
        onClick={() => setLaunching(true)}
      >
        <Mark />
      </button>
      <ProgramLine />
      <RunControls />
      <Instant />
      <div className="top-right">
        {session ? <PolicyMenu /> : null}
        {session ? (
          <Badge title={keyTitles[session.keys]}>
            <Label text={session.keys === 'none' ? 'observe-only' : `${session.keys} keys`} />
          </Badge>
        ) : null}
        {session ? (
          <Badge title={gateTitles[session.gates]}>
            <Label text={`${session.gates} gates`} />
          </Badge>
        ) : null}
        {session && host ? (
          <Badge className="host-badge" title={hostTitles[host]}>
            {host}
          </Badge>
        ) : null}
        <button
          type="button"
          className="icon-button"
          aria-label={`Switch to the ${other} theme`}
          title={`Switch to the ${other} theme`}
          onClick={() => setTheme(other)}
        >
          {theme === 'dark' ? <Sun size={14} aria-hidden="true" /> : <Moon size={14} aria-hidden="true" />}
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Keyboard and glossary"
          title="Keyboard and glossary (?)"
          onClick={() => setSheet(true)}
        >
          <CircleHelp size={14} aria-hidden="true" />
        </button>
      </div>
    </header>
  );
}

/** The application's mark, in the ink of the theme. */
function Mark(): ReactNode {
  return (
    <svg className="mark-icon" viewBox="4 4 56 56" width={20} height={20} aria-hidden="true">
      <rect x="4" y="4" width="56" height="56" rx="12" />
      <path d="M32 13a11 11 0 0 0-6 20.2V49a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2V33.2A11 11 0 0 0 32 13z" />
    </svg>
  );
}

/** What runs and where it stands. The state is that of the live edge; the instant has its own place. */
function ProgramLine(): ReactNode {
  const { session, phase, index } = useLatest();
  const log = useKeyhole((s) => s.log);
  const fault = log.facts(lastFault(log, index), 'fault');
  const source = useKeyhole((s) => s.source);
  const failure = useKeyhole((s) => s.failure);
  const link = useKeyhole((s) => s.link);
  const line = session ? [session.program.split('/').pop(), ...session.args].join(' ') : sourceTitle(source);
  const waiting = useKeyhole(waitingFor);
  const before = waiting === null ? (source.kind === 'none' && !failure ? 'No session' : null) : waitingWords[waiting];
  const { head, rest } = before === null ? phaseWords(phase, failure, fault) : { head: before, rest: '' };
  return (
    <div className="program-line">
      <h1 className="program-name mono clip" title={session ? [session.program, ...session.args].join(' ') : line}>
        {line}
      </h1>
      <div className="program-state clip" role="status" title={failure ?? undefined}>
        {link === 'lost' ? <strong>Connection lost. </strong> : null}
        {source.kind === 'snapshot' ? <strong>Snapshot, </strong> : null}
        <strong data-state={phase.at} className={fault && head.startsWith('Stopped at a denied') ? 'denied' : ''}>
          {link === 'lost' && waiting !== null ? '' : head}
        </strong>
        <span className="ink2">{rest ? `, ${rest}` : ''}</span>
      </div>
    </div>
  );
}

const waitingWords: Readonly<Record<Waiting, string>> = {
  session: 'Connecting',
  log: 'Reading',
  program: 'Starting',
};

const sourceTitle = (source: { kind: string; title?: string }): string => source.title ?? 'Keyhole';
