import './classLink.css';
import { type ReactNode, useState } from 'react';
import { type FaultClass, faultClasses, faultMeaning } from '../../core/model/faultClasses.ts';
import { findingWords, knownFindingClasses, wordsOfFinding } from '../../core/model/findingClasses.ts';
import { Dialog } from '../widgets/dialog.tsx';

interface Explained {
  readonly id: string;
  readonly name: string;
  readonly meaning: string;
}

const faults: readonly Explained[] = faultClasses.map((id) => ({ id, name: id, meaning: faultMeaning[id] }));
const found: readonly Explained[] = knownFindingClasses.map((id) => ({ id, ...findingWords[id] }));

/** The class of a fault; a press explains it, among all the others. */
export function FaultClassLink({ of }: { of: FaultClass }): ReactNode {
  return <ClassLink of={{ id: of, name: of, meaning: faultMeaning[of] }} things="faults" all={faults} />;
}

/** The class of a finding by its name in words; one of a newer Keyhole's recording is shown as it is written there. */
export function FindingClassLink({ of }: { of: string }): ReactNode {
  const words = wordsOfFinding(of);
  if (words === null) return <span className="mono">{of}</span>;
  return <ClassLink of={{ id: of, ...words }} things="findings" all={found} />;
}

interface ClassLinkProps {
  readonly of: Explained;
  readonly things: string;
  readonly all: readonly Explained[];
}

function ClassLink({ of, things, all }: ClassLinkProps): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="link"
        title={`What this class of ${things} means${code(of)}`}
        onClick={() => setOpen(true)}
      >
        {of.name}
      </button>
      {open ? (
        <Dialog title={`Class: ${of.name}`} onClose={() => setOpen(false)}>
          <p>{of.meaning}</p>
          <h3 className="class-others">All classes of {things}</h3>
          <dl className="classes">
            {all.map(({ id, name, meaning }) => (
              <div key={id} data-here={id === of.id}>
                <dt>
                  {name}
                  {id === name ? null : <code className="dim">{id}</code>}
                </dt>
                <dd className="ink2">{meaning}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      ) : null}
    </>
  );
}

const code = ({ id, name }: Explained): string => (id === name ? '' : `; “${id}” in a recording`);
