import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useKeyhole } from './store.ts';
import { type Question, type SymbolAnswer, SymbolSearch } from './symbolSearch.ts';

/** The session's answer to a question about symbols; null: nothing is asked. */
export function useSymbols(question: Question | null): SymbolAnswer | null {
  const command = useKeyhole((s) => s.command);
  const search = useMemo(() => new SymbolSearch(command), [command]);
  useEffect(() => search.ask(question), [search, question]);
  const answer = useSyncExternalStore(search.subscribe, () => search.answer);
  // An answer to what was typed before is still on its way out.
  return answer && 'latest' in answer && answer.latest && answer.latest.text !== question?.text ? null : answer;
}
