import type { ReactNode } from 'react';
import type { Pid } from '../../../core/contract/ids.ts';
import type { ChainLink } from '../../store/selectors/tlsAnatomy.ts';
import { useKeyhole } from '../../store/store.ts';
import { KeyChip } from '../../widgets/key.tsx';
import { Address } from '../../widgets/value.tsx';

/** The way to a dynamic thread-local: where it breaks is where the thread would be denied. */
export function Chain({ links, pid, number }: { links: readonly ChainLink[]; pid: Pid; number: number }): ReactNode {
  const select = useKeyhole((s) => s.select);
  const broken = links.some((link) => link.readable === false);
  return (
    <section className="chain" aria-label="The way to a thread-local">
      <h3>
        The way to a thread-local <span className="dim">with the rights of T{number} now</span>{' '}
        <span className={broken ? 'denied' : 'ink2'}>{wayWords(links)}</span>
      </h3>
      <ol>
        <li className="chain-link mono">TP</li>
        {links.map((link) => (
          <li key={link.name}>
            <span className="dim" aria-hidden="true">
              ›
            </span>
            <button
              type="button"
              className="chain-link"
              data-denied={link.readable === false}
              disabled={link.addr === null}
              onClick={() => link.addr !== null && select({ kind: 'page', pid, addr: link.addr })}
            >
              <KeyChip k={link.key} /> {link.name}{' '}
              {link.addr === null ? 'unknown' : <Address at={link.addr} of={link.name} short />}
              {link.readable === false ? <span className="denied"> ✕ denied</span> : null}
              {link.readable === null ? <span className="dim"> unknown</span> : null}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Where the way breaks, in words: that it does not is an answer too. */
function wayWords(links: readonly ChainLink[]): string {
  const broken = links.find((link) => link.readable === false);
  if (broken) return `✕ it breaks at ${broken.name}`;
  const unknown = links.find((link) => link.readable === null);
  return unknown ? `whether it may read ${unknown.name} is unknown` : 'every link may be read';
}
