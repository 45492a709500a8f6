import { type ReactNode, useMemo } from 'react';
import type { TlsFacts } from '../../../core/contract/details.ts';
import { shortModule } from '../../../core/model/names.ts';
import type { Space } from '../../../core/model/space.ts';
import { tlsVariables } from '../../../core/model/tlsSymbols.ts';
import { useKeyhole } from '../../store/store.ts';
import { plural } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Head } from '../../widgets/term.tsx';
import { Address, Id, Offset } from '../../widgets/value.tsx';

/** The thread-local variables that symbol tables name, by their offset from the thread pointer. */
export function Variables({ space, tls }: { space: Space; tls: TlsFacts }): ReactNode {
  const select = useKeyhole((s) => s.select);
  const variables = useMemo(() => tlsVariables(space, tls), [space, tls]);
  return (
    <section className="variables" aria-label="Thread-local variables">
      <h3>
        Thread-local variables{' '}
        <span className="dim">
          {variables.length === 0 ? 'no symbol table names any' : `${plural(variables.length, 'symbol')}, by offset`}
        </span>
      </h3>
      {variables.length === 0 ? null : (
        <div className="variables-box">
          <table className="side-table">
            <thead>
              <tr>
                <Head text="Offset from TP" />
                <Head text="Variable" />
                <Head text="Module" />
                <Head text="Address" />
                <Head text="Size" />
                <Head text="Key now" />
              </tr>
            </thead>
            <tbody>
              {variables.map((variable) => {
                const key = space.at(variable.start)?.key ?? null;
                return (
                  <tr key={variable.start}>
                    <td>{variable.detached ? 'by the DTV' : <Offset from={variable.offset} />}</td>
                    <th scope="row">
                      <button
                        type="button"
                        className="link"
                        title={`the page of ${variable.symbol}`}
                        onClick={() => select({ kind: 'page', pid: space.pid, addr: variable.start })}
                      >
                        {variable.name}
                      </button>
                    </th>
                    <td>{shortModule(variable.module)}</td>
                    <td>
                      <Address at={variable.start} of={variable.name} />
                    </td>
                    <td>{plural(variable.size, 'byte')}</td>
                    <td>
                      <KeyChip k={key} /> {key === null ? 'unknown' : <Id n={key} of="key" />}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
