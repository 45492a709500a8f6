import { Diamond } from 'lucide-react';
import type { ReactNode } from 'react';
import { Cross } from '../../widgets/controls.tsx';
import { Label } from '../../widgets/term.tsx';

/** What the marks of the lanes mean. */
export function TimelineLegend(): ReactNode {
  return (
    <ul className="timeline-legend" aria-label="Legend of the timelines">
      <li>
        <span className="legend-band" aria-hidden="true" /> running with these rights
      </li>
      <li>
        <span className="legend-open" aria-hidden="true" /> all keys open
      </li>
      <li>
        <span className="legend-held" aria-hidden="true" /> <Label text="held by scheduler" />
      </li>
      <li>
        <span className="legend-tick" aria-hidden="true" /> <Label text="tags" />
      </li>
      <li>
        <Cross size={11} /> <Label text="denied" />
      </li>
      <li>
        <Diamond size={11} aria-hidden="true" /> <Label text="policy applied" />
      </li>
    </ul>
  );
}
