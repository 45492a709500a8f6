import { type ReactNode, useCallback } from 'react';
import type { World } from '../../../core/model/world.ts';
import { useKeyhole } from '../../store/store.ts';
import { Canvas, type Inks, readInks } from '../../widgets/canvas.tsx';
import { KeyChip } from '../../widgets/key.tsx';
import { Label } from '../../widgets/term.tsx';
import { type Look, looksOf } from './looks.ts';
import { paintLook } from './paintLines.ts';

/** What the marks mean; with keys as colours each key is also a filter. */
export function MapLegend({ world }: { world: World }): ReactNode {
  const colouring = useKeyhole((s) => s.colouring);
  const theme = useKeyhole((s) => s.theme);
  const keys = useKeyhole((s) => s.keys);
  const toggle = useKeyhole((s) => s.toggleKey);
  const used = [
    0,
    ...(world.session?.compartments.map(({ key }) => key) ?? world.main?.keys.map(({ key }) => key) ?? []),
  ];
  const looks = looksOf(colouring, readInks(document.documentElement, theme));
  if (colouring !== 'key') {
    return (
      <ul className="map-legend" aria-label="Legend">
        {colouring === 'change' ? (
          <li>
            <Label text="Last change" />
          </li>
        ) : null}
        {looks.list.map((look) => (
          <li key={look.words}>
            <LookChip look={look} theme={theme} /> {look.words}
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ul className="map-legend" aria-label="Legend">
      {used.map((key) => (
        <li key={key}>
          <button
            type="button"
            className="legend-key"
            aria-pressed={keys.includes(key)}
            title={`Show only memory with key ${key}`}
            onClick={() => toggle(key)}
          >
            <KeyChip k={key} /> {world.keyName(key) ?? `key ${key}`}
          </button>
        </li>
      ))}
      <li>
        <span className="legend-cell" data-look="hollow" /> read-only
      </li>
      <li>
        <span className="legend-cell" data-look="closed" /> no access
      </li>
      <li>
        <span className="legend-cell" data-look="carve" /> <Label text="carve-out" />
      </li>
    </ul>
  );
}

function LookChip({ look, theme }: { look: Look; theme: string }): ReactNode {
  const draw = useCallback((c: CanvasRenderingContext2D, inks: Inks) => paintLook(c, inks, look, 0, 0, 14, 14), [look]);
  return <Canvas width={14} height={14} draw={draw} theme={theme} label={look.words} />;
}
