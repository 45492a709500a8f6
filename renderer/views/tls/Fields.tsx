import type { ReactNode } from 'react';
import { hex } from '../../../core/contract/ids.ts';
import { shortModule } from '../../../core/model/names.ts';
import type { TlsField } from '../../../core/model/tls.ts';
import type { TlsStretch } from '../../store/selectors/tlsAnatomy.ts';
import { Cross } from '../../widgets/controls.tsx';
import { offset, plural } from '../../widgets/format.ts';
import { copies } from '../../widgets/value.tsx';

const LINES = 30;

/** Names as short as people say them; the full one is in the tooltip. */
const short: Readonly<Record<string, string>> = {
  'TCB self pointer': 'TCB self',
  'DTV pointer': 'DTV',
  'self pointer': 'self',
  'stack-protector canary': 'canary',
};
const nameOf = (field: TlsField): string =>
  field.class === 'TLS block'
    ? `${shortModule(field.name.replace('TLS block of ', ''))} TLS`
    : (short[field.name] ?? field.name);

interface FieldsProps {
  readonly stretch: TlsStretch;
  readonly tp: number;
  /** Width of all bands, and how far the band around the thread pointer is indented. */
  readonly width: number;
  readonly indent: number;
  readonly fault: number | null;
}

/** What lies at which offset; not to scale, so that eight bytes can say their name. Lines join both scales. */
export function Fields({ stretch, width, indent, fault }: FieldsProps): ReactNode {
  const cards = stretch.fields.filter((field) => field.name !== 'thread descriptor');
  const descriptor = stretch.fields.find((field) => field.name === 'thread descriptor');
  if (width <= 0 || cards.length === 0) return null;
  const scale = (width - indent) / (stretch.end - stretch.start);
  const x = (at: number): number => indent + (at - stretch.start) * scale;
  const card = width / cards.length;
  const hit = (field: TlsField): boolean => fault !== null && field.start <= fault && fault < field.end;
  const spans = [...cards.filter((field) => field.end - field.start >= 32), ...(descriptor ? [descriptor] : [])];
  return (
    <div className="fields">
      <div className="field-band">
        {spans.map((field) => (
          <span
            key={`${field.name}${field.start}`}
            className="clip"
            style={{ left: x(field.start), width: Math.max(3, (field.end - field.start) * scale) }}
            title={`${field.name}, ${field.end - field.start} bytes at TP${offset(field.offset)}`}
          >
            {(field.end - field.start) * scale > 60 ? field.name : ''}
          </span>
        ))}
      </div>
      <svg className="field-lines" width={width} height={LINES} aria-hidden="true">
        {cards.map((field, i) => (
          <path
            key={`${field.name}${field.start}`}
            data-fault={hit(field)}
            d={`M${x(field.start)} 0V4L${(i + 0.5) * card} ${LINES - 6}V${LINES}`}
          />
        ))}
      </svg>
      <ul className="field-cards" aria-label="Fields, not to scale; the foot is the key now">
        {cards.map((field) => {
          const page = stretch.pages.find((each) => each.start <= field.start && field.start < each.start + 4096);
          return (
            <li
              key={`${field.name}${field.start}`}
              data-fault={hit(field)}
              {...copies(
                hex(field.start),
                `${field.name}, ${plural(field.end - field.start, 'byte')} at TP${offset(field.offset)}, ${hex(field.start)}`,
              )}
            >
              <span className="mono dim clip">{offset(field.offset)}</span>
              <strong>{nameOf(field)}</strong>
              {hit(field) ? (
                <span className="denied">
                  <Cross size={10} /> denied
                </span>
              ) : (
                <span className="dim">{field.end - field.start} bytes</span>
              )}
              <i data-key={page?.key ?? 'unknown'} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
