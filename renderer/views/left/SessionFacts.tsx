import type { ReactNode } from 'react';
import { useLatest, useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { Section } from '../../widgets/controls.tsx';
import { count, plural } from '../../widgets/format.ts';
import { Label } from '../../widgets/term.tsx';
import { Value } from '../../widgets/value.tsx';
import { OpenSnapshot, SaveSnapshot } from '../launch/SnapshotButtons.tsx';

/** How this session works, in facts; the policy is the one at the instant shown. */
export function SessionFacts(): ReactNode {
  const world = useWorld();
  const latest = useLatest();
  const hasPku = useKeyhole((s) => s.hasPku);
  const source = useKeyhole((s) => s.source);
  const version = useKeyhole((s) => s.version);
  const session = world.session ?? latest.session;
  const pku = source.kind === 'snapshot' || hasPku === null ? '' : hasPku ? ', PKU here' : ', no PKU here';
  const facts: readonly (readonly [string, string, string?])[] = session
    ? [
        ['Keys', `${session.keys}${pku}`],
        [
          'Gates',
          session.gates === 'virtual' ? `virtual, ${plural(world.crossings, 'crossing')}` : "the program's own",
        ],
        [
          'Policy',
          world.policy
            ? `${world.policy.name}, ${world.policy.rounding}`
            : session.keys === 'none'
              ? 'none: it is only observed'
              : `none yet; ${session.policy} is planned`,
          'The policy at the instant shown',
        ],
        ['On fault', faultWords(session.onFault)],
        ['rseq', session.rseq === 'off' ? 'off, answered with ENOSYS' : 'kept'],
        ['Kernel', session.kernel, `Kernel the session ran on, under Keyhole ${version ?? 'of unknown version'}`],
        ['Events', `${count(world.index + 1)}${world.index === latest.index ? '' : ` of ${count(latest.index + 1)}`}`],
      ]
    : [];
  return (
    <Section
      title="Session"
      aside={
        <span className="session-files">
          <SaveSnapshot disabled={latest.index < 0} />
          <OpenSnapshot icon />
        </span>
      }
    >
      <dl className="facts">
        {facts.map(([name, value, title]) => (
          <div key={name}>
            <dt>
              <Label text={name} />
            </dt>
            <dd className="clip">
              <Value copy={value} title={`${title ?? name}: ${value}`} />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

const faultWords = (onFault: string): string =>
  ({ deliver: 'delivered to the program', stop: 'stops the session', 'step-over': 'stepped over, recorded' })[
    onFault
  ] ?? onFault;
