import { Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react';
import { mapIndexOf } from '../../../core/model/mapIndex.ts';
import { type Hit, search } from '../../store/selectors/search.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { useFocus } from '../../store/useFocus.ts';
import { Kbd } from '../../widgets/controls.tsx';

/** Finds an address, module, region, thread or symbol and shows it on the map. */
export function SearchField(): ReactNode {
  const world = useWorld();
  const focus = useFocus();
  const log = useKeyhole((s) => s.log);
  const select = useKeyhole((s) => s.select);
  const setView = useKeyhole((s) => s.setView);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const id = useId();
  const hits = useMemo(() => {
    const space = (focus.pid === null ? null : world.spaces.get(focus.pid)) ?? world.main;
    return query.trim() === '' || !space ? [] : search(log, mapIndexOf(world, space), query);
  }, [world, log, focus.pid, query]);

  const show = (hit: Hit | undefined): void => {
    if (!hit) return;
    select({ kind: 'page', pid: hit.pid, addr: hit.addr });
    setView('map');
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(hits.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter') show(hits[at]);
    else if (event.key === 'Escape') {
      setOpen(false);
      event.currentTarget.blur();
    } else return;
    event.preventDefault();
  };
  const shown = open && query.trim() !== '';
  return (
    <div className="search" role="search">
      <Search size={12} aria-hidden="true" />
      <input
        type="search"
        className="field"
        placeholder="Address, %fs:0x28, name, key"
        aria-label="Find an address, symbol or region"
        title="Address, offset from the thread pointer, region, module, key, thread; symbols of thread-local variables, faults and their callers"
        role="combobox"
        aria-expanded={shown}
        aria-controls={id}
        aria-activedescendant={shown && hits[at] ? `${id}-${at}` : undefined}
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <Kbd>/</Kbd>
      {shown ? (
        <div className="search-results" id={id} role="listbox" aria-label="Found">
          {hits.length === 0 ? <p className="dim">Nothing here has that address or name at this instant.</p> : null}
          {hits.map((hit, i) => (
            <div
              key={`${hit.addr}${hit.text}`}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === at}
              onPointerDown={(event) => {
                event.preventDefault();
                show(hit);
              }}
            >
              <span className="clip">{hit.text}</span>
              <span className="mono dim clip">{hit.what}</span>
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}
