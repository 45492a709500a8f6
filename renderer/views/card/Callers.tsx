import type { ReactNode } from 'react';
import type { FaultFacts, Frame } from '../../../core/contract/details.ts';
import { asPkru } from '../../../core/contract/ids.ts';
import { symbolWords } from '../../../core/model/names.ts';
import { rightsHex, rightsWords } from '../../../core/model/rights.ts';
import { foundWords, lineWords } from '../../store/selectors/callers.ts';
import { Term } from '../../widgets/term.tsx';
import { Address, copies, Id, Value } from '../../widgets/value.tsx';
import { Part } from './parts.tsx';

/** Who called whom up to the access, innermost first. */
export function Callers({ facts }: { facts: FaultFacts }): ReactNode {
  const { backtrace } = facts;
  if (backtrace === undefined) {
    const why =
      facts.like === undefined ? 'The recording has no callers.' : 'The callers are told at its first access.';
    return (
      <Part title="Callers">
        <p className="dim card-sentence">{why}</p>
      </Part>
    );
  }
  return (
    <Part title="Callers" aside={foundWords(backtrace)}>
      <Frames frames={backtrace} />
    </Part>
  );
}

/** Functions one in another, innermost first. */
export function Frames({ frames }: { frames: readonly Frame[] }): ReactNode {
  return (
    <ol className="callers">
      {frames.map((frame, i) => (
        // A recursion has the same address at many depths; the depth is what names a frame.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={i}>
          <span className="dim num">
            <Id n={i} of="frame" />
          </span>
          <Value copy={frame.address} className="clip" title={frameTitle(frame)}>
            <strong>{symbolWords(frame) ?? 'no symbol'}</strong>{' '}
            <span className="dim">{frame.module ?? 'no module'}</span>
          </Value>
          {frame.source ? (
            <Value copy={`${frame.source.file}:${frame.source.line}`} className="mono clip">
              {lineWords(frame.source)}
            </Value>
          ) : (
            <Address at={Number(frame.address)} of="return to" full />
          )}
          {frame.by === 'frame-pointer' ? <span className="dim">by frame pointer</span> : null}
        </li>
      ))}
    </ol>
  );
}

const frameTitle = (frame: Frame): string =>
  `${frame.written === undefined ? '' : `${frame.written}, `}${frame.symbol ?? 'no symbol'} in ${frame.module ?? 'no module'}, ${frame.address}, ${
    frame.source ? `${frame.source.file}:${frame.source.line}` : 'no debug information'
  }`;

/** All registers at the access; the rights in words first. */
export function Registers({ facts }: { facts: FaultFacts }): ReactNode {
  const rights = facts.rights === null ? null : asPkru(facts.rights);
  return (
    <details className="card-part">
      <summary>Registers</summary>
      <dl className="registers mono">
        <div className="register-rights">
          <dt className="dim">
            <Term of="PKRU">pkru</Term>
          </dt>
          <dd {...copies(rightsHex(rights), 'the rights at the access, as PKRU')}>
            {rightsHex(rights)}
            {rights === null ? ', it was never read' : `: ${rightsWords(rights)}`}
          </dd>
        </div>
        {Object.entries(facts.registers).map(([name, value]) => (
          <div key={name}>
            <dt className="dim">{name}</dt>
            <dd {...copies(value, `${name} at the access: ${value}`)}>{value}</dd>
          </div>
        ))}
      </dl>
      {facts.like === undefined ? null : (
        <p className="dim card-sentence">This access was met before; its registers were kept the first time only.</p>
      )}
    </details>
  );
}
