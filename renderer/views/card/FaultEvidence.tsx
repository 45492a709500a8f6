import type { ReactNode } from 'react';
import { asPkru } from '../../../core/contract/ids.ts';
import type { Explanation, Party } from '../../../core/model/explain.ts';
import { labelsOf } from '../../../core/model/labels.ts';
import { shortModule, symbolWords } from '../../../core/model/names.ts';
import { rightsWords } from '../../../core/model/rights.ts';
import type { World } from '../../../core/model/world.ts';
import { sourceWords } from '../../store/selectors/callers.ts';
import { Cross } from '../../widgets/controls.tsx';
import { KeyName } from '../../widgets/key.tsx';
import { Address, copies, Offset, Value } from '../../widgets/value.tsx';
import { Part } from './parts.tsx';

interface FaultEvidenceProps {
  readonly explanation: Explanation;
  readonly siCode: string;
  /** The one at the fault's row. */
  readonly world: World;
}

/** The instruction among its neighbours, and both sides of the access. */
export function FaultEvidence({ explanation, siCode, world }: FaultEvidenceProps): ReactNode {
  const { facts, site, accessor, owner } = explanation;
  const { instruction } = facts;
  const around = facts.around.some((line) => line.address === instruction.address)
    ? facts.around
    : [...facts.around, { address: instruction.address, text: instruction.text }].sort(
        (a, b) => Number(a.address) - Number(b.address),
      );
  const where = [symbolWords(instruction), instruction.module].filter((word) => word !== null).join(', ');
  const distance = site.offset ?? (site.field?.detached ? null : site.field?.offset) ?? null;
  return (
    <>
      <Part
        title="Instruction"
        aside={
          where ? (
            <Value copy={where} title={`the symbol and module of the instruction: ${where}`} />
          ) : (
            'in no known module'
          )
        }
      >
        <ol className="disassembly mono">
          {around.map((line) => (
            <li
              key={line.address}
              data-here={line.address === instruction.address}
              {...copies(line.text, `the instruction ${line.text}`)}
            >
              <span className="dim">
                <Address at={Number(line.address)} of="instruction at" />
              </span>
              <Instruction text={line.text} />
            </li>
          ))}
        </ol>
        <p className="dim card-sentence">
          Source:{' '}
          {instruction.source ? (
            <Value copy={sourceWords(instruction)} className="mono">
              {sourceWords(instruction)}
            </Value>
          ) : (
            sourceWords(instruction)
          )}
        </p>
      </Part>
      <Part title="Who touched whose memory" aside={siCode}>
        <div className="parties">
          <div className="party">
            <PartyName party={accessor} />
            <span className="ink2">
              {instruction.module ? `code in ${shortModule(instruction.module)}` : 'code of no module'}
              {site.thread ? `, T${site.thread.number}` : ''}
            </span>
            <span className="ink2">{stackWords(explanation, world)}</span>
            <span className="ink2">{facts.rights === null ? 'rights unknown' : rightsWords(asPkru(facts.rights))}</span>
          </div>
          <span className="party-arrow" aria-hidden="true">
            <Cross size={13} />
          </span>
          <div className="party">
            <PartyName party={owner} />
            <span className="ink2">
              {distance === null ? (
                explanation.page.title
              ) : (
                <>
                  at TP
                  <Offset from={distance} />
                </>
              )}
            </span>
            <Address at={site.address} full />
          </div>
        </div>
      </Part>
    </>
  );
}

/** Whose stack the thread was on, by its stack pointer. */
function stackWords({ facts, site }: Explanation, world: World): string {
  const rsp = Number(facts.registers.rsp ?? Number.NaN);
  const region = Number.isNaN(rsp) ? null : site.space?.at(rsp);
  if (!site.space || !region) return 'stack unknown';
  const { owner, text } = labelsOf(world, site.space).at(rsp);
  const key = region.key === null ? 'key unknown' : `key ${region.key}`;
  return `on ${owner ? `${text} of ${owner}` : text}, ${key}`;
}

function PartyName({ party }: { party: Party | null }): ReactNode {
  if (!party) return <strong>unknown compartment</strong>;
  return <KeyName k={party.key} name={party.name ?? `key ${party.key}`} />;
}

function Instruction({ text }: { text: string }): ReactNode {
  const space = text.indexOf(' ');
  return (
    <>
      <span>{space < 0 ? text : text.slice(0, space)}</span>
      <span className="clip">{space < 0 ? '' : text.slice(space + 1)}</span>
    </>
  );
}
