import type { ReactNode } from 'react';
import type { Pid } from '../../../core/contract/ids.ts';
import { pageStart } from '../../store/selectors/mapRows.ts';
import type { TlsAnatomy, TlsPage } from '../../store/selectors/tlsAnatomy.ts';
import { useKeyhole } from '../../store/store.ts';
import { offset } from '../../widgets/format.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Head, Term } from '../../widgets/term.tsx';
import { Address, Value } from '../../widgets/value.tsx';

interface PageTableProps {
  readonly anatomy: TlsAnatomy;
  readonly pid: Pid;
  readonly selected: number | null;
  readonly hasPlan: boolean;
}

/** The same pages as a table: offset, contents, key now, key planned, and the step between them. */
export function PageTable({ anatomy, pid, selected, hasPlan }: PageTableProps): ReactNode {
  const select = useKeyhole((s) => s.select);
  const rows: (readonly [TlsPage, string])[] = [
    ...anatomy.detached.flatMap((stretch) =>
      stretch.pages.map((page, i) => [page, i === 0 ? stretch.title : `… +0x${(i * 4096).toString(16)}`] as const),
    ),
    ...anatomy.around.pages.map((page) => [page, `${offset(page.offset)}…${offset(page.offset + 4096)}`] as const),
  ];
  const current = selected === null ? null : pageStart(selected);
  return (
    <table className="tls-table">
      <thead>
        <tr>
          <Head text="Page" />
          <Head text="Offset from TP" />
          <Head text="Holds" />
          <Head text="Key now" />
          <Head text="Planned" />
          <Head text="Rule" />
          <Head text="Step of the plan" />
        </tr>
      </thead>
      <tbody>
        {rows.map(([page, where]) => (
          <tr
            key={page.start}
            data-selected={page.start === current}
            onClick={() => select({ kind: 'page', pid, addr: page.start })}
          >
            <td>
              <Address at={page.start} />
            </td>
            <td className="clip">
              <Value copy={where} title={`${where}, bytes from the thread pointer`} className="mono" />
            </td>
            <td className="clip" title={page.holds.join(', ')}>
              {page.holds.join(', ') || page.what || '–'}
            </td>
            <td>{page.look === 'unmapped' ? '–' : <KeyChip k={page.key} title={page.owner} />}</td>
            <td>
              {page.planned ? <KeyChip k={page.planned.key} title={`key ${page.planned.key}`} /> : hasPlan ? '=' : '–'}
            </td>
            <td>
              <Term of={page.planned?.rule ?? page.carveOut ?? 'none'} />
            </td>
            <td className="clip">
              {page.planned ? `tag page → ${page.planned.key}` : hasPlan ? 'none' : 'no plan here'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
