import type { ReactNode } from 'react';
import { asKey } from '../../../core/contract/ids.ts';
import { shortModule } from '../../../core/model/names.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { Section } from '../../widgets/controls.tsx';
import { KeyChip } from '../../widgets/key.tsx';

/** Which modules make up each compartment, and the key that stands for it. */
export function Compartments(): ReactNode {
  const { session, counts } = useWorld();
  const selected = useKeyhole((s) => s.selected);
  const select = useKeyhole((s) => s.select);
  const compartments = session?.compartments ?? [];
  return (
    <Section title="Compartments" aside={compartments.length > 0 ? 'from the launch file' : ''}>
      {compartments.length === 0 ? (
        <p className="dim">
          {counts['key-alloc'] > 0
            ? 'Nobody named any: the program makes its own, by its keys.'
            : 'None: nobody named any, and the program has taken no key. A launch file or the form of a new session names them.'}
        </p>
      ) : (
        <ul>
          {compartments.map(({ key, name, modules }) => (
            <li key={key}>
              <button
                type="button"
                className="row compartment"
                aria-pressed={selected?.kind === 'key' && selected.key === key}
                title={`Key ${key}: ${modules.join(', ')}`}
                onClick={() => select({ kind: 'key', key: asKey(key) })}
              >
                <KeyChip k={key} />
                <span className="clip">
                  <strong>{name}</strong>{' '}
                  <span className="dim">
                    {modules.map((m) => (m === 'main' ? 'program' : shortModule(m))).join(', ')}
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
