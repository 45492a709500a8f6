import { type ReactNode, useState } from 'react';
import { type FaultClass, faultClasses, faultMeaning } from '../../../core/model/faultClasses.ts';
import { Dialog } from '../../widgets/dialog.tsx';

/** The class of a fault; a press explains it, among all the others. */
export function ClassLink({ of }: { of: FaultClass }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="link" title="What this class of faults means" onClick={() => setOpen(true)}>
        {of}
      </button>
      {open ? (
        <Dialog title={`Class: ${of}`} onClose={() => setOpen(false)}>
          <p>{faultMeaning[of]}</p>
          <h3 className="class-others">All classes</h3>
          <dl className="classes">
            {faultClasses.map((each) => (
              <div key={each} data-here={each === of}>
                <dt>{each}</dt>
                <dd className="ink2">{faultMeaning[each]}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      ) : null}
    </>
  );
}
