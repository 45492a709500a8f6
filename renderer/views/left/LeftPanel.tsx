import './left.css';
import type { ReactNode } from 'react';
import { Compartments } from './Compartments.tsx';
import { Keys } from './Keys.tsx';
import { SessionFacts } from './SessionFacts.tsx';
import { Threads } from './Threads.tsx';

/** The left: what the session is, who the compartments are, what each thread may do, what each key holds. */
export function LeftPanel(): ReactNode {
  return (
    <div>
      <SessionFacts />
      <Compartments />
      <Threads />
      <Keys />
    </div>
  );
}
