/** How each hostile program must end under Keyhole, and what the record must tell about it. */
import type { ExitFacts } from '../../../core/contract/details.ts';
import type { EventKind } from '../../../core/contract/events.ts';

export interface Hostile {
  readonly name: string;
  readonly args?: readonly string[];
  /** Default: exit code 0 and `ok` as its last word. */
  readonly exit?: ExitFacts;
  /** Classes of the findings, each at least once; no others may come. */
  readonly findings?: readonly string[];
  /** Classes of findings that chance may bring. */
  readonly chance?: readonly string[];
  /** Not in debug mode: the program is huge. */
  readonly huge?: true;
  /** Exact numbers of events of a kind. */
  readonly events?: Partial<Record<EventKind, number>>;
}

export const hostile: readonly Hostile[] = [
  { name: 'thousand_threads', huge: true, events: { 'thread-birth': 1001 } },
  { name: 'kills_threads', events: { 'process-birth': 21, 'thread-birth': 101 } },
  { name: 'cancels_threads', events: { 'thread-birth': 41 } },
  { name: 'execs_in_company', events: { exec: 13 } },
  { name: 'closes_everything', exit: { code: 7 } },
  { name: 'raises_everything', events: { 'process-birth': 63 } },
  { name: 'stops_its_group', events: { 'process-birth': 3 } },
  { name: 'forks_deep', events: { 'process-birth': 101 } },
  { name: 'forks_wide', events: { 'process-birth': 301 } },
  { name: 'lives_on', events: { 'process-birth': 3 } },
  { name: 'vforks_badly', events: { 'process-birth': 13 } },
  { name: 'maps_and_unmaps', args: ['1'] },
  { name: 'maps_and_unmaps', args: ['5'], huge: true },
  { name: 'thread_mill', args: ['2000'], huge: true, events: { 'thread-birth': 2001 } },
  { name: 'loses_ground', events: { 'process-birth': 19 } },
  { name: 'ruins_stub', args: ['trap'], exit: { signal: 'SIGKILL', siCode: null }, findings: ['given-up'] },
  { name: 'ruins_stub', args: ['undefined'], exit: { signal: 'SIGKILL', siCode: null }, findings: ['given-up'] },
  ...['errno', 'trap', 'trace'].flatMap((how) => [
    { name: 'own_filter', args: [how], findings: ['own-filter'] },
    { name: 'own_filter', args: [how, 'prctl'], findings: ['own-filter'] },
  ]),
  { name: 'own_filter', args: ['kill'], findings: ['killed-by-filter', 'own-filter'] },
  { name: 'attacks_stub', findings: ['stub-kept'] },
  { name: 'enters_stub', events: { 'process-birth': 65 }, findings: ['given-up'] },
  { name: 'strict_mode', findings: ['not-emulated'] },
  { name: 'shoots_watchers' },
  { name: 'hides_itself', events: { 'process-birth': 4 }, findings: ['not-emulated'] },
  ...['as', 'nofile', 'nproc', 'sigpending', 'stack', 'memlock'].map((limit) => ({
    name: 'sets_limits',
    args: [limit],
  })),
  {
    ...{ name: 'sets_limits', args: ['data'], exit: { signal: 'SIGKILL', siCode: null } },
    findings: ['given-up', 'refused'],
  },
  { name: 'sets_limits', args: ['cpu'], exit: { signal: 'SIGXCPU', siCode: 128 } },
  { name: 'many_regions', huge: true },
  { name: 'many_regions', args: ['keys'], huge: true },
  {
    ...{ name: 'many_regions', args: ['beyond'], huge: true, exit: { signal: 'SIGKILL', siCode: null } },
    findings: ['given-up', 'refused'],
  },
  { name: 'writes_much', huge: true },
  { name: 'kills_parents', chance: ['born-unseen'] },
  { name: 'kills_parents', args: ['12', 'adopts'], chance: ['born-unseen'] },
  { name: 'bears_siblings', events: { 'process-birth': 21 } },
  { name: 'odd_calls', events: { 'process-birth': 7 }, findings: ['killed-by-filter'] },
];
