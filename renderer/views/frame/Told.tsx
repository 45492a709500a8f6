import './told.css';
import { type ReactNode, useEffect } from 'react';
import { useKeyhole } from '../../store/store.ts';
import { useSettled } from '../../widgets/useSettled.ts';

/** How long it is said. */
const TOLD_MS = 2500;
/** What takes no longer is not announced. */
const SHORT_MS = 300;

/** Says what is being done, what was done and leaves no other trace, or why it could not be; for eye and ear. */
export function Told(): ReactNode {
  const told = useKeyhole((s) => s.told);
  const tell = useKeyhole((s) => s.tell);
  useEffect(() => {
    if (told === null) return;
    const timer = setTimeout(() => tell(null), TOLD_MS);
    return () => clearTimeout(timer);
  }, [told, tell]);
  const now = useKeyhole((s) => s.underWay);
  const long = useSettled(now, SHORT_MS);
  const words = told ?? (now === long ? now : null);
  return (
    <div className="told" role="status" data-shown={words !== null}>
      {words}
    </div>
  );
}
