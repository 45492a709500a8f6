import { useCallback, useEffect, useRef, useState } from 'react';

/** An action a person took: whether it is under way, and its failure in words, to be shown where it was taken. */
export interface Action {
  readonly busy: boolean;
  readonly error: string | null;
  readonly run: (work: () => Promise<void>) => void;
  readonly clear: () => void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);

  const run = useCallback((work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    work()
      .catch((failure: unknown) => {
        if (mounted.current) setError(failure instanceof Error ? failure.message : String(failure));
      })
      .finally(() => {
        if (mounted.current) setBusy(false);
      });
  }, []);
  const clear = useCallback(() => setError(null), []);
  return { busy, error, run, clear };
}
