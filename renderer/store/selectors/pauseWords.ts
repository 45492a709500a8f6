import type { PauseKind } from '../../../core/contract/pause.ts';

/** The word of the glossary that says what an event of this kind is. */
export const pauseWord = (kind: PauseKind): string =>
  ({ fault: 'fault', tag: 'tag', 'thread-birth': 'thread birth', policy: 'policy step' })[kind];
