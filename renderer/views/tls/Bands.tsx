import type { CSSProperties, ReactNode } from 'react';
import { hex, type Pid } from '../../../core/contract/ids.ts';
import type { TlsAnatomy, TlsPage, TlsStretch } from '../../store/selectors/tlsAnatomy.ts';
import { useKeyhole } from '../../store/store.ts';
import { keyLetter, keyPattern } from '../../theme/keys.ts';
import { Cross } from '../../widgets/controls.tsx';
import { tail } from '../../widgets/format.ts';
import { useSize } from '../../widgets/useSize.ts';
import { Address, copies } from '../../widgets/value.tsx';
import { Fields } from './Fields.tsx';
import { Ruler } from './Ruler.tsx';

interface BandsProps {
  readonly anatomy: TlsAnatomy;
  readonly policy: string | null;
  /** `predicted`: by the policy's rules, where no engine can be asked. */
  readonly plan: { readonly policy: string; readonly is: 'loading' | 'ready' | 'predicted' };
  /** Address of the denied access in focus. */
  readonly fault: number | null;
  readonly pid: Pid;
}

const DETACHED = 190;
const FOLD = 38;

const share = (stretch: TlsStretch, at: number): string =>
  `${((at - stretch.start) / (stretch.end - stretch.start)) * 100}%`;

/** Two bands on one scale: the key of every page now, and under the plan; the difference is the picture. */
export function Bands({ anatomy, policy, plan, fault, pid }: BandsProps): ReactNode {
  const [box, size] = useSize<HTMLDivElement>();
  const { around, detached } = anatomy;
  const left = detached.slice(0, 2);
  const room = size.width - left.length * (DETACHED + FOLD);
  const columns = `${left.map(() => `${DETACHED}px ${FOLD}px`).join(' ')} minmax(0, 1fr)`;
  const row = (draw: (stretch: TlsStretch) => ReactNode, fold = true): ReactNode => (
    <div className="tls-row" style={{ gridTemplateColumns: columns }}>
      {left.map((stretch) => [
        <div key={stretch.start}>{draw(stretch)}</div>,
        <Fold key={`fold${stretch.start}`} drawn={fold} />,
      ])}
      <div>{draw(around)}</div>
    </div>
  );
  return (
    <div className="tls-bands" ref={box}>
      <h3>
        Key now <span className="dim">{policy ? `under ${policy}` : 'before any policy'}</span>
      </h3>
      {row((stretch) => (
        <div className="band">
          {stretch.pages.map((page) => (
            <NowCell key={page.start} page={page} stretch={stretch} fault={fault} pid={pid} />
          ))}
        </div>
      ))}
      <h3>
        Planned <span className="dim">{planWords[plan.is](plan.policy)}</span>
      </h3>
      {plan.is !== 'loading'
        ? row((stretch) => (
            <div className="band planned">
              {stretch.pages.map((page) => (
                <PlannedCell key={page.start} page={page} stretch={stretch} />
              ))}
            </div>
          ))
        : null}
      {row(
        (stretch) =>
          stretch === around ? (
            <Ruler stretch={stretch} tp={anatomy.tp} width={room} />
          ) : (
            <div className="detached-name">
              <span>{stretch.title}</span>
              <Address at={stretch.start} full />
            </div>
          ),
        false,
      )}
      <Fields stretch={around} tp={anatomy.tp} width={size.width} indent={size.width - room} fault={fault} />
    </div>
  );
}

const planWords = {
  loading: () => 'asking…',
  ready: (policy: string) => `by ${policy}: what applying it now would change`,
  predicted: (policy: string) => `by the rules of ${policy}, predicted`,
} as const;

function Fold({ drawn }: { drawn: boolean }): ReactNode {
  return drawn ? (
    <svg className="fold" width="20" height="40" viewBox="0 0 20 40" aria-hidden="true">
      <path d="M6 0c5 7 -5 13 0 20s-5 13 0 20M14 0c5 7 -5 13 0 20s-5 13 0 20" />
    </svg>
  ) : (
    <span />
  );
}

const place = (page: TlsPage, stretch: TlsStretch): CSSProperties => ({
  left: share(stretch, page.start),
  width: `${(4096 / (stretch.end - stretch.start)) * 100}%`,
});

interface CellProps {
  readonly page: TlsPage;
  readonly stretch: TlsStretch;
}

function NowCell({ page, stretch, fault, pid }: CellProps & { fault: number | null; pid: Pid }): ReactNode {
  const select = useKeyhole((s) => s.select);
  const hit = fault !== null && page.start <= fault && fault < page.start + 4096;
  return (
    <button
      type="button"
      className="tls-cell"
      style={place(page, stretch)}
      data-key={page.key ?? 'unknown'}
      data-look={page.look}
      data-pattern={page.key === null || page.look !== 'key' ? undefined : keyPattern(page.key)}
      data-fault={hit}
      data-carve={page.carveOut !== null}
      {...copies(hex(page.start), `page ${hex(page.start)}, ${page.owner}${page.title ? `, ${page.title}` : ''}`)}
      onClick={() => select({ kind: 'page', pid, addr: page.start })}
    >
      <span className="clip">
        {page.look === 'key' ? <b className="mono">{keyLetter(page.key)}</b> : null} <strong>{page.owner}</strong>
      </span>
      <span className="clip">
        {page.title ? `${page.title}, ` : ''}
        {tail(page.start)}
      </span>
      {hit ? <Cross size={18} /> : null}
    </button>
  );
}

/** A carve-out is pulled out of its band, with its rule. */
function PlannedCell({ page, stretch }: CellProps): ReactNode {
  const { planned } = page;
  const key = planned ? planned.key : page.key;
  const carved = planned?.key === 0;
  const words = planned ? `by ${planned.rule}` : 'unchanged';
  const what = planned?.what ?? 'no step touches it';
  return (
    <div className="tls-slot" style={place(page, stretch)} title={`page ${hex(page.start)}: ${words}, ${what}`}>
      {carved ? <span className="cut dim clip">cut out of the range</span> : null}
      <div
        className="tls-cell"
        data-key={key ?? 'unknown'}
        data-look={planned ? 'key' : page.look}
        data-pattern={key === null || page.look !== 'key' ? undefined : keyPattern(key)}
        data-cut={carved}
      >
        <span className="clip">
          <b className="mono">{keyLetter(key)}</b> <strong>{words}</strong>
        </span>
        <span className="clip">{what}</span>
      </div>
    </div>
  );
}
