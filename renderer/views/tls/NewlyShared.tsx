import { type ReactNode, useState } from 'react';
import { PAGE } from '../../../core/contract/ids.ts';
import { type PresetName, presetNames, presets } from '../../../core/contract/policies.ts';
import { newlyShared, type SharedByThread } from '../../../core/model/policyShares.ts';
import type { Space } from '../../../core/model/space.ts';
import type { World } from '../../../core/model/world.ts';
import { isPreset } from '../../store/selectors/policyWords.ts';
import { plural, tail } from '../../widgets/format.ts';
import { Head } from '../../widgets/term.tsx';
import { Bytes, Value } from '../../widgets/value.tsx';

/** What lives on a page is named up to here: a TCB page holds about ten things. */
const MOST_NAMES = 10;
/** Threads listed; the others are counted. */
const MOST = 12;

interface NewlySharedProps {
  readonly world: World;
  readonly space: Space;
  readonly policy: PresetName;
}

/** What the chosen policy leaves shared that another keeps private: the price of its carve-outs, thread by thread. */
export function NewlyShared({ world, space, policy }: NewlySharedProps): ReactNode {
  const [base, setBase] = useState<PresetName>('tag-all');
  const threads = newlyShared(world, space, presets[policy], presets[base]);
  const known = threads.flatMap((thread) => thread.pages ?? []);
  return (
    <section className="newly-shared" aria-label="Newly shared">
      <h3>
        Under {policy}, shared beyond{' '}
        <span className="inline-select">
          <select
            aria-label="Compare with policy"
            value={base}
            onChange={(event) => {
              if (isPreset(event.target.value)) setBase(event.target.value);
            }}
          >
            {presetNames.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </span>
        <span className="dim">
          {plural(known.length, 'page')}, <Bytes n={known.length * PAGE} /> of thread-local memory, predicted by the
          rules
        </span>
      </h3>
      <table className="side-table">
        <thead>
          <tr>
            <Head text="Thread" />
            <Head text="Newly shared" />
            <Head text="Pages and what becomes everybody’s" />
          </tr>
        </thead>
        <tbody>
          {threads.slice(0, MOST).map((thread) => (
            <tr key={thread.tid}>
              <th scope="row">T{thread.number}</th>
              <td>
                {thread.pages ? (
                  <>
                    {plural(thread.pages.length, 'page')}, <Bytes n={thread.pages.length * PAGE} />
                  </>
                ) : (
                  'unknown'
                )}
              </td>
              <td className="ink2">
                <Value copy={pagesWords(thread)} title="pages by the end of their address, and what lives on each" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {threads.length > MOST ? <p className="dim">{plural(threads.length - MOST, 'more thread')}.</p> : null}
    </section>
  );
}

const pagesWords = ({ pages }: SharedByThread): string =>
  pages === null
    ? 'its TLS is not known at this instant'
    : pages
        .map(
          ({ page, rule, holds }) =>
            `${tail(page)}${rule ? ` by ${rule}` : ''}: ${holds.slice(0, MOST_NAMES).join(', ') || 'nothing named'}`,
        )
        .join('; ') || 'nothing';
