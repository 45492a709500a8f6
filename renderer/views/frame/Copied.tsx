import { type ReactNode, useEffect } from 'react';
import { useKeyhole } from '../../store/store.ts';

/** How long it is said. */
const TOLD_MS = 2000;

/** Says what was copied, for eye and ear; a copy leaves no other trace. */
export function Copied(): ReactNode {
  const copied = useKeyhole((s) => s.copied);
  const tell = useKeyhole((s) => s.tellCopied);
  useEffect(() => {
    if (copied === null) return;
    const timer = setTimeout(() => tell(null), TOLD_MS);
    return () => clearTimeout(timer);
  }, [copied, tell]);
  return (
    <div className="copied" role="status" data-shown={copied !== null}>
      {copied}
    </div>
  );
}
