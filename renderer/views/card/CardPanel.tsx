import './card.css';
import type { ReactNode } from 'react';
import { useFocus } from '../../store/useFocus.ts';
import { EventCard } from './EventCard.tsx';
import { FaultCard } from './FaultCard.tsx';
import { KeyCard } from './KeyCard.tsx';
import { NoCard } from './NoCard.tsx';
import { PageCard } from './PageCard.tsx';
import { ThreadCard } from './ThreadCard.tsx';

/** The card of whatever is selected; without a selection, of the last fault. */
export function CardPanel(): ReactNode {
  const { selected, fault, pid, addr } = useFocus();
  if (selected === null) return <NoCard />;
  switch (selected.kind) {
    case 'page':
      return <PageCard pid={selected.pid} addr={selected.addr} />;
    case 'thread':
      return <ThreadCard tid={selected.tid} />;
    case 'key':
      return <KeyCard keyNumber={selected.key} />;
    case 'event':
      return fault === null ? <EventCard index={selected.index} pid={pid} addr={addr} /> : <FaultCard index={fault} />;
  }
}
