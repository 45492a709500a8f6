import './told.css';
import { type ReactNode, useEffect } from 'react';
import { useKeyhole } from '../../store/store.ts';

/** How long it is said. */
const TOLD_MS = 2500;

/** Says what was done and leaves no other trace, or why it could not be; for eye and ear. */
export function Told(): ReactNode {
  const told = useKeyhole((s) => s.told);
  const tell = useKeyhole((s) => s.tell);
  useEffect(() => {
    if (told === null) return;
    const timer = setTimeout(() => tell(null), TOLD_MS);
    return () => clearTimeout(timer);
  }, [told, tell]);
  return (
    <div className="told" role="status" data-shown={told !== null}>
      {told}
    </div>
  );
}
