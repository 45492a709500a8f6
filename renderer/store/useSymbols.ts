import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Space } from '../../core/model/space.ts';
import { useKeyhole } from './store.ts';
import { type SymbolAnswer, SymbolSearch } from './symbolSearch.ts';

/** What the modules of a space name with a text in it; null text or space: nothing is asked. */
export function useSymbols(space: Space | null, text: string | null): SymbolAnswer | null {
  const command = useKeyhole((s) => s.command);
  const search = useMemo(() => new SymbolSearch(command), [command]);
  useEffect(() => {
    search.ask(space && text !== null ? { text, modules: space.modules } : null);
  }, [search, space, text]);
  const answer = useSyncExternalStore(search.subscribe, () => search.answer);
  // An answer to what was typed before is still on its way out.
  return answer && 'latest' in answer && answer.latest && answer.latest.text !== text ? null : answer;
}
