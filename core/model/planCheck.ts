/** Holds every policy step against the tags that follow it, page by page. */
import { asEventIndex, type EventIndex, hex, PAGE } from '../contract/ids.ts';
import { kindCode as K } from './codes.ts';
import type { EventLog } from './eventLog.ts';
import { rowsOfKind } from './scan.ts';

/** One page where plan and tags differ; null = not planned, or not tagged. */
export interface PlanMismatch {
  readonly policyEvent: EventIndex;
  readonly page: string;
  readonly planned: { readonly key: number; readonly rule: string; readonly times: number } | null;
  readonly tagged: { readonly key: number; readonly rule: string; readonly times: number } | null;
}

interface Last {
  key: number;
  rule: string;
  times: number;
}

function note(pages: Map<number, Last>, start: number, end: number, key: number, rule: string): void {
  for (let page = start; page < end; page += PAGE) {
    const known = pages.get(page);
    pages.set(page, { key, rule, times: (known?.times ?? 0) + 1 });
  }
}

/** Every difference between a policy row's steps and the tags of its address space up to the next policy row. */
export function tagsAgainstPlan(log: EventLog): readonly PlanMismatch[] {
  const rows = rowsOfKind(log, 'policy');
  const mismatches: PlanMismatch[] = [];
  rows.forEach((row, i) => {
    const planned = new Map<number, Last>();
    for (const step of log.needFacts(row, 'policy').steps) {
      note(planned, Number(step.start), Number(step.end), step.key, step.rule);
    }
    const tagged = tagsBetween(log, row, rows[i + 1] ?? log.length);
    for (const page of [...new Set([...planned.keys(), ...tagged.keys()])].sort((a, b) => a - b)) {
      const plan = planned.get(page) ?? null;
      const tag = tagged.get(page) ?? null;
      if (plan?.key === tag?.key && plan?.rule === tag?.rule && plan?.times === tag?.times) continue;
      mismatches.push({ policyEvent: asEventIndex(row), page: hex(page), planned: plan, tagged: tag });
    }
  });
  return mismatches;
}

/** Tags that Keyhole made after the policy row; the program's own are no part of a plan. */
function tagsBetween(log: EventLog, policyRow: number, until: number): Map<number, Last> {
  const tagged = new Map<number, Last>();
  const pid = log.at(policyRow).pid;
  for (let row = policyRow + 1; row < until; row++) {
    if (log.columns.kind[row] !== K.tag) continue;
    const tag = log.at(row);
    const ours = tag.cause === 'policy' || tag.cause === 'user';
    if (!ours || tag.pid !== pid || tag.failed) continue;
    note(tagged, tag.start, tag.end, tag.keyAfter ?? -1, tag.rule);
  }
  return tagged;
}
