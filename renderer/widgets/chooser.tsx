import './chooser.css';
import { ChevronDown } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Popover } from './popover.tsx';
import { type Tab, Tabs } from './tabs.tsx';

// The list is needed once it is opened.
const ChooserList = lazy(() => import('./chooserList.tsx'));

/** Tabs for so many stand beside each other. */
const FEW = 4;

interface ChooserProps<Id extends string> {
  readonly label: string;
  readonly choices: readonly Tab<Id>[];
  readonly current: Id;
  readonly onSelect: (id: Id) => void;
}

/** One of a few choices by tabs, one of many by a button that opens a list to filter. */
export function Chooser<Id extends string>({ label, choices, current, onSelect }: ChooserProps<Id>): ReactNode {
  const [open, setOpen] = useState(false);
  if (choices.length <= FEW)
    return <Tabs look="boxes" label={label} tabs={choices} current={current} onSelect={onSelect} />;
  const chosen = choices.find(({ id }) => id === current);
  return (
    <Popover
      open={open}
      onOpen={setOpen}
      name={label}
      className="button button-plain chooser"
      title={`${label}: one of ${choices.length}`}
      label={
        <>
          <span className="clip">{chosen?.label ?? 'none'}</span>
          <ChevronDown size={12} aria-hidden="true" />
        </>
      }
    >
      {(close) => (
        <Suspense fallback={<p className="chooser-wait dim">Listing {choices.length}…</p>}>
          <ChooserList
            label={label}
            choices={choices}
            current={current}
            onSelect={(id) => {
              close();
              const choice = choices.find((each) => each.id === id);
              if (choice) onSelect(choice.id);
            }}
          />
        </Suspense>
      )}
    </Popover>
  );
}
