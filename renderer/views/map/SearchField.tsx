import { Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react';
import { mapIndexOf } from '../../../core/model/mapIndex.ts';
import { type Hit, search } from '../../store/selectors/search.ts';
import { symbolHits, symbolNotes, symbolQuery } from '../../store/selectors/symbolHits.ts';
import { useIsLive, useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { useFocus } from '../../store/useFocus.ts';
import { useSymbols } from '../../store/useSymbols.ts';
import { Kbd } from '../../widgets/controls.tsx';
import { useSettled } from '../../widgets/useSettled.ts';

/** Symbols are looked for once nothing was typed for so long. */
const SETTLED_MS = 150;

const intoView = (option: HTMLElement | null): void => option?.scrollIntoView({ block: 'nearest' });

/** Finds an address, module, region, thread or symbol and shows it on the map. */
export function SearchField(): ReactNode {
  const world = useWorld();
  const focus = useFocus();
  const live = useIsLive();
  const log = useKeyhole((s) => s.log);
  const select = useKeyhole((s) => s.select);
  const setView = useKeyhole((s) => s.setView);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const id = useId();
  const space = (focus.pid === null ? null : world.spaces.get(focus.pid)) ?? world.main;
  const shown = open && query.trim() !== '';
  const mapped = useMemo(
    () => (!shown || !space ? [] : search(log, mapIndexOf(world, space), query)),
    [world, log, space, shown, query],
  );
  const settled = useSettled(query, SETTLED_MS);
  const asked = useMemo(() => (shown && space ? symbolQuery(query, space, live) : null), [shown, space, query, live]);
  const waits = asked !== null && settled !== query;
  const symbols = useSymbols(waits ? null : (asked?.question ?? null));
  const latest = symbols && 'latest' in symbols ? symbols.latest : null;
  const plus = asked?.plus ?? null;
  const named = useMemo(() => (latest && space ? symbolHits(space, latest, plus) : []), [latest, space, plus]);
  const hits = [...mapped, ...named];
  const notes = !shown
    ? []
    : symbolNotes(waits ? { is: 'searching', latest: null } : symbols, asked?.question.modules.length ?? 0);

  const show = (hit: Hit | undefined): void => {
    if (!hit) return;
    select({ kind: 'page', pid: hit.pid, addr: hit.addr });
    setView('map');
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown') setAt(Math.max(0, Math.min(hits.length - 1, at + 1)));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter') show(hits[at]);
    else if (event.key === 'Escape') {
      setOpen(false);
      event.currentTarget.blur();
    } else return;
    event.preventDefault();
  };
  return (
    <div className="search" role="search">
      <Search size={12} aria-hidden="true" />
      <input
        type="search"
        className="field"
        placeholder="Address, symbol, name, key"
        aria-label="Find an address, symbol or region"
        title="Address, offset from the thread pointer (%fs:0x28), region, module, key, thread, function or variable (name or name+0x40)"
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
        <div className="search-results">
          <div id={id} role="listbox" aria-label="Found">
            {hits.map((hit, i) => (
              <div
                key={`${hit.addr}${hit.text}`}
                id={`${id}-${i}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === at}
                ref={i === at ? intoView : undefined}
                onPointerDown={(event) => {
                  event.preventDefault();
                  show(hit);
                }}
              >
                <span className="clip" title={hit.symbol}>
                  {hit.text}
                </span>
                <span className="mono dim clip">{hit.what}</span>
              </div>
            ))}
          </div>
          <div className="search-notes dim" role="status">
            {mapped.length === 0 ? <p>Nothing mapped here has that address or name at this instant.</p> : null}
            {notes.map((note) => (
              <p key={note}>{note}</p>
            ))}
          </div>
        </div>
      ) : null}
    </div>
  );
}
