import type { ExitFacts } from './details.ts';
import type { Pid, Tid } from './ids.ts';
import type { PauseRule } from './pause.ts';

/** Where a session stands. Derived from the log; only `failed` needs a word from the host. */
export type Phase =
  | { readonly at: 'empty' }
  | { readonly at: 'running'; readonly pid: Pid; readonly initEnded: boolean }
  | {
      readonly at: 'paused';
      readonly pid: Pid;
      readonly why: 'user' | 'fault' | 'start' | 'end' | 'rule';
      /** What was met, where `why` is `rule`. */
      readonly rule: PauseRule | null;
      readonly tid: Tid | null;
    }
  | { readonly at: 'ended'; readonly exit: ExitFacts }
  /** Attached and let go of: it runs on, unseen, or is left stopped. */
  | { readonly at: 'detached'; readonly pid: Pid; readonly stopped?: true }
  | { readonly at: 'failed'; readonly error: string };
