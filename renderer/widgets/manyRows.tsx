import './controls.css';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';

interface ManyRowsProps<T> {
  readonly rows: readonly T[];
  /** Height of a row in pixels, about. */
  readonly height: number;
  /** Up to so many rows are simply there; more of them scroll in a box of their own. */
  readonly few: number;
  /** What they are, in words: the name of that box. */
  readonly label: string;
  readonly className?: string;
  /** The row that is brought into sight when it becomes another one; -1 for none. */
  readonly selected?: number;
  /** One row as a list item with a key. */
  readonly row: (row: T) => ReactNode;
}

/** A list that may be long: of hundreds of rows only those in sight are on the page. */
export function ManyRows<T>(props: ManyRowsProps<T>): ReactNode {
  const { rows, few, className = '' } = props;
  return rows.length > few ? <Scrolled {...props} /> : <ul className={className}>{rows.map(props.row)}</ul>;
}

function Scrolled<T>({ rows, height, label, className = '', selected = -1, row }: ManyRowsProps<T>): ReactNode {
  const scroller = useRef<HTMLUListElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 3,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height is that of all rows
  useEffect(() => virtual.measure(), [height]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection brings its row into sight
  useEffect(() => {
    if (selected >= 0) virtual.scrollToIndex(selected, { align: 'auto' });
  }, [selected]);
  const items = virtual.getVirtualItems();
  return (
    <ul
      className={`${className} many-rows`}
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by the keyboard
      tabIndex={0}
      aria-label={label}
    >
      <li aria-hidden="true" style={{ height: items[0]?.start ?? 0 }} />
      {items.map((item) => {
        const found = rows[item.index];
        return found === undefined ? null : row(found);
      })}
      <li aria-hidden="true" style={{ height: virtual.getTotalSize() - (items.at(-1)?.end ?? 0) }} />
    </ul>
  );
}
