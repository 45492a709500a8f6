import type { RecordedFault, RecordSummary } from '../../core/contract/record.ts';
import { wordsOfFinding } from '../../core/model/findingClasses.ts';
import { symbolWords } from '../../core/model/names.ts';
import { count, table } from './table.ts';

/** Faults shown in full; `--json` has them all. */
const SHOWN = 10;

/** A recording in text a person can read. */
export function describeSummary(summary: RecordSummary): string {
  const { events } = summary;
  const kinds = Object.entries(events.byKind).sort(([, a], [, b]) => b - a);
  const facts: [string, string][] = [
    ['ended', summary.attached?.detached ? 'no: Keyhole let go of it, and it runs on' : exitText(summary.exit)],
    ...attachedFacts(summary),
    ['keys, gates', `${summary.keys === 'none' ? 'no' : summary.keys} keys, ${summary.gates} gates`],
    ['policy', summary.policy],
    ['threads', summary.threads.map(({ tid, name }) => (name === null ? `${tid}` : `${tid} ${name}`)).join(', ')],
    ['events', `${count(events.total)}, ${events.dropped === 0 ? 'none' : count(events.dropped)} dropped`],
    ['', kinds.map(([kind, n]) => `${kind} ${count(n)}`).join(', ')],
    ['crossings', count(summary.crossings)],
    ['tags', count(summary.tags.length)],
    ['faults', count(summary.faults.length)],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const parts = [facts.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join('')];
  parts.push(...summary.faults.slice(0, SHOWN).map(faultText));
  if (summary.faults.length > SHOWN)
    parts.push(`… and ${count(summary.faults.length - SHOWN)} more faults (see --json)\n`);
  if (summary.tags.length > 0) parts.push(tagTable(summary));
  if (summary.findings.length > 0) {
    const lines = summary.findings.map(
      (found) => `  ${wordsOfFinding(found.class)?.name ?? found.class}: ${found.text}\n`,
    );
    parts.push(`Findings\n${lines.join('')}`);
  }
  return parts.join('\n');
}

/** What a person must know of a program that was not started by Keyhole. */
function attachedFacts({ attached }: RecordSummary): [string, string][] {
  if (!attached) return [];
  const can = attached.control === 'full' ? 'could be changed' : 'observe-only, nothing was changed in it';
  const left = attached.detached?.left.map((text): [string, string] => ['left behind', text]) ?? [];
  return [['attached', `process ${attached.pid}: ${can}; its memory was read again from time to time`], ...left];
}

/** How a program ended, in words. */
export function exitText(exit: RecordSummary['exit']): string {
  if (exit === null) return 'not yet, as far as the log goes';
  if ('code' in exit) return `exit ${exit.code}`;
  return exit.siCode === null ? exit.signal : `${exit.signal} (si_code ${exit.siCode})`;
}

function faultText(fault: RecordedFault, index: number): string {
  const { instruction } = fault;
  const place = [instruction.module, symbolWords(instruction)].filter((part) => part !== null).join(' ');
  const party = (name: string, who: RecordedFault['owner']): string =>
    `${name} ${who ? `${who.name} (key ${who.key})` : 'unknown'}`;
  return [
    `Fault ${index + 1}: ${fault.class} at ${fault.address}`,
    `  ${fault.explanation}`,
    `  thread ${fault.thread}, ${party('accessor', fault.accessor)}, ${party('owner', fault.owner)}`,
    `  key ${fault.key ?? 'unknown'}, rights ${fault.rights ?? 'unknown'}`,
    `  ${instruction.address}  ${instruction.text}${place === '' ? '' : `  in ${place}`}`,
    '',
  ].join('\n');
}

function tagTable({ tags }: RecordSummary): string {
  const shown = tags.slice(0, 4 * SHOWN);
  const rows = shown.map((tag) => [tag.start, tag.end, `${tag.key}`, tag.rule, `${tag.thread}`, tag.cause]);
  const rest = tags.length > shown.length ? `… and ${count(tags.length - shown.length)} more tags (see --json)\n` : '';
  return table(['tagged from', 'to', 'key', 'rule', 'thread', 'cause'], rows) + rest;
}
