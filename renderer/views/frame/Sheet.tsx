import type { ReactNode } from 'react';
import { useKeyhole } from '../../store/store.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { words } from '../../widgets/glossary.ts';
import { windowCommands } from './commands.ts';
import { keyWords, viewKeys } from './keys.ts';

const keyboard: readonly (readonly [string, string])[] = [
  ...windowCommands.flatMap(({ name, keys }) => (keys ?? []).map((key) => [keyWords(key), name] as const)),
  ...viewKeys,
];

const glossary: readonly (readonly [string, string])[] = [...words];

/** Every key and every word of the window on one sheet. */
export function Sheet(): ReactNode {
  const open = useKeyhole((s) => s.sheetOpen);
  const setSheet = useKeyhole((s) => s.setSheet);
  if (!open) return null;
  return (
    <Dialog title="Keyboard and words" onClose={() => setSheet(false)}>
      <div className="sheet">
        <Pairs label="Keyboard" pairs={keyboard} mono />
        <Pairs label="Words" pairs={glossary} />
      </div>
    </Dialog>
  );
}

function Pairs({ label, pairs, mono }: { label: string; pairs: typeof keyboard; mono?: boolean }): ReactNode {
  return (
    <dl aria-label={label}>
      {pairs.map(([term, meaning]) => (
        <div key={`${term} ${meaning}`}>
          <dt className={mono ? 'mono' : 'sheet-word'}>{term}</dt>
          <dd className="ink2">{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
