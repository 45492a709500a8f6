import { type ReactNode, useState } from 'react';
import { asPkru, type Pkru } from '../../../core/contract/ids.ts';
import { type CellRight, rightsCells, rightsHex, rightsWords, withRight } from '../../../core/model/rights.ts';
import type { Thread, World } from '../../../core/model/world.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Id } from '../../widgets/value.tsx';
import { Question } from './Question.tsx';

const choices: readonly (readonly [Exclude<CellRight, 'unknown'>, string])[] = [
  ['open', 'read and write'],
  ['read', 'read only'],
  ['closed', 'closed'],
];

interface RightsByHandProps {
  readonly world: World;
  readonly thread: Thread;
  readonly rights: Pkru;
  readonly onClose: () => void;
}

/** Other rights for one thread, key by key. */
export function RightsByHand({ world, thread, rights, onClose }: RightsByHandProps): ReactNode {
  const [next, setNext] = useState(rights);
  const change =
    next === rights
      ? 'Nothing is changed yet. What is chosen here stands'
      : `Its PKRU becomes ${rightsHex(next)}: ${rightsWords(next)}. It stands`;
  return (
    <Question
      title={`Change the rights of T${thread.number} ${thread.name ?? ''}`}
      action="Change rights"
      words={`${change} until its next gate. The log keeps the change as made by you; revert takes it back.`}
      command={next === rights ? null : { do: 'rights', tid: thread.tid, pkru: next }}
      onClose={onClose}
    >
      <div className="card-keys">
        {rightsCells(next).map((right, key) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the position is the key
          <label key={key}>
            <KeyChip k={key} />
            <span className="clip">
              <Id n={key} of="key" /> {world.keyName(key) ?? ''}
            </span>
            <select
              className="field"
              aria-label={`Key ${key}`}
              value={right}
              onChange={(event) => {
                const chosen = choices.find(([name]) => name === event.target.value)?.[0];
                if (chosen) setNext(asPkru(withRight(next, key, chosen)));
              }}
            >
              {choices.map(([name, words]) => (
                <option key={name} value={name}>
                  {words}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
    </Question>
  );
}
