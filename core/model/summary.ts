/** The object `keyhole record --json` prints, from nothing but the log. */
import type { ExitFacts } from '../contract/details.ts';
import { eventKinds } from '../contract/events.ts';
import { asPkru, hex } from '../contract/ids.ts';
import type { RecordedFault, RecordedTag, RecordSummary } from '../contract/record.ts';
import { kindCode as K } from './codes.ts';
import type { EventLog } from './eventLog.ts';
import { type FaultWords, faultWords, type Party } from './explain.ts';
import { droppedEvents, findings } from './findings.ts';
import { History } from './history.ts';
import { rightsHex } from './rights.ts';
import { rowsOfKind } from './scan.ts';
import type { World } from './world.ts';

/** Throws where the log has no session row: then nothing was recorded. */
export function recordSummary(log: EventLog, history = new History(log)): RecordSummary {
  const first = rowsOfKind(log, 'session')[0];
  if (first === undefined) throw new Error('the log has no session row: nothing was recorded');
  const session = log.needFacts(first, 'session');
  const faults = recordedFaults(log, history);
  const end = history.latest();
  const detach = rowsOfKind(log, 'detach')[0];
  const { attached } = session;
  return {
    exit: exitOf(log, end),
    keys: session.keys,
    gates: session.gates,
    policy: end.policy?.name ?? session.policy,
    threads: threadsOf(log, end),
    events: {
      total: log.length,
      dropped: droppedEvents(log),
      byKind: Object.fromEntries(
        eventKinds.flatMap((kind) => (end.counts[kind] > 0 ? [[kind, end.counts[kind]]] : [])),
      ),
    },
    crossings: end.crossings,
    faults,
    tags: rowsOfKind(log, 'tag').map((row) => recordedTag(log, row)),
    findings: findings(log).map(({ class: of, text }) => ({ class: of, text })),
    ...(attached && {
      attached: { ...attached, detached: detach === undefined ? null : { left: log.needFacts(detach, 'detach').left } },
    }),
  };
}

function exitOf(log: EventLog, end: World): ExitFacts | null {
  const row = rowsOfKind(log, 'process-exit').findLast((candidate) => log.at(candidate).pid === end.mainPid);
  return row === undefined ? null : log.facts(row, 'process-exit');
}

function threadsOf(log: EventLog, end: World): RecordSummary['threads'] {
  return rowsOfKind(log, 'thread-birth').map((row) => {
    const { tid } = log.at(row);
    const thread = tid === null ? undefined : end.threads.get(tid);
    return { tid: tid ?? 0, name: thread?.name ?? log.facts(row, 'thread-birth')?.name ?? null };
  });
}

/** Kinds that change neither memory nor TLS nor modules: a world from before them explains a fault after them as well. */
const QUIET: ReadonlySet<number> = new Set([
  ...[K.fault, K.crossing, K.rights, K.hold, K.release, K.signal, K.output, K.stop, K.resume, K.verdict, K.finding],
]);

function recordedFaults(log: EventLog, history: History): RecordedFault[] {
  const kinds = log.columns.kind;
  const faults: RecordedFault[] = [];
  let world: World | null = null;
  let words = new Map<string, FaultWords>();
  for (let row = 0; row < log.length; row++) {
    const kind = kinds[row] ?? 0;
    if (!QUIET.has(kind)) world = null;
    if (kind !== K.fault) continue;
    if (log.needFacts(row, 'fault').outcome === 'plain') continue;
    if (!world) {
      world = history.at(row);
      words = new Map();
    }
    faults.push(recordedFault(log, history, world, row, words));
  }
  return faults;
}

/** Programs that are stepped over fault at the same place many thousand times; each place is explained once. */
function recordedFault(
  log: EventLog,
  history: History,
  world: World,
  row: number,
  known: Map<string, FaultWords>,
): RecordedFault {
  const facts = log.needFacts(row, 'fault');
  const { tid } = log.at(row);
  const place = [
    tid,
    facts.outcome,
    facts.access,
    facts.address,
    facts.accessor,
    facts.rights,
    facts.instruction.module,
  ];
  // Who acted must then come from the thread's state, which crossings change.
  const byState = facts.accessor === null && facts.rights === null;
  const sameAs = byState ? `row ${row}` : place.join();
  let words = known.get(sameAs);
  if (!words) {
    words = faultWords(log, byState ? history.at(row) : world, row);
    known.set(sameAs, words);
  }
  return {
    address: facts.address,
    key: facts.key,
    rights: facts.rights === null ? null : rightsHex(asPkru(facts.rights)),
    thread: tid ?? 0,
    instruction: facts.instruction,
    accessor: partyOf(words.accessor),
    owner: partyOf(words.owner),
    class: words.class,
    explanation: words.sentence,
  };
}

const partyOf = (party: Party | null): { key: number; name: string } | null =>
  party && { key: party.key, name: party.name ?? `key ${party.key}` };

function recordedTag(log: EventLog, index: number): RecordedTag {
  const row = log.at(index);
  return {
    start: hex(row.start),
    end: hex(row.end),
    key: row.keyAfter ?? 0,
    rule: row.rule,
    thread: row.tid ?? 0,
    cause: row.cause,
  };
}
