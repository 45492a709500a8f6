import { startTransition, useEffect, useRef, useState } from 'react';

/** A value that changes at most every `ms`; the last one always arrives. What follows it is drawn in slices that give way to input. */
export function useThrottled<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + ms - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      startTransition(() => setShown(value));
    }, wait);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return shown;
}
