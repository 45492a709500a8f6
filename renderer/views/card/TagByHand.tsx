import { type ReactNode, useState } from 'react';
import { hex, KEY_COUNT, PAGE } from '../../../core/contract/ids.ts';
import type { Region, Space } from '../../../core/model/space.ts';
import type { World } from '../../../core/model/world.ts';
import { Field } from '../../widgets/field.tsx';
import { bytes } from '../../widgets/format.ts';
import { Question } from './Question.tsx';

interface TagByHandProps {
  readonly world: World;
  readonly space: Space;
  readonly region: Region;
  readonly page: number;
  readonly onClose: () => void;
}

/** Another key for the page, or for all pages of its region. */
export function TagByHand({ world, space, region, page, onClose }: TagByHandProps): ReactNode {
  const [key, setKey] = useState(region.key === 0 ? 1 : 0);
  const [whole, setWhole] = useState(false);
  const [start, end] = whole ? [region.start, region.end] : [page, page + PAGE];
  const owner = (k: number): string => world.keyName(k) ?? 'no compartment';
  return (
    <Question
      title="Give pages another key"
      action={`Give key ${key}`}
      words={`${bytes(end - start)} from ${hex(start)} get key ${key}, ${owner(key)}, instead of ${region.key === null ? 'a key that is not known' : `key ${region.key}`}. The log keeps this as a tag by hand; revert takes it back.`}
      command={{ do: 'tag', pid: space.pid, start: hex(start), end: hex(end), key }}
      onClose={onClose}
    >
      <div className="card-fields">
        <Field label="Key">
          {(id) => (
            <select id={id} className="field" value={key} onChange={(event) => setKey(Number(event.target.value))}>
              {Array.from({ length: KEY_COUNT }, (_, k) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the position is the key
                <option key={k} value={k}>
                  {k}, {owner(k)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Pages">
          {(id) => (
            <select
              id={id}
              className="field"
              value={whole ? 'region' : 'page'}
              onChange={(event) => setWhole(event.target.value === 'region')}
            >
              <option value="page">this page</option>
              <option value="region">its whole region, {bytes(region.end - region.start)}</option>
            </select>
          )}
        </Field>
      </div>
    </Question>
  );
}
