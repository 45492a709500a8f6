import type { Pid, Tid } from '../../../core/contract/ids.ts';
import { hex } from '../../../core/contract/ids.ts';
import type { EventLog } from '../../../core/model/eventLog.ts';
import type { World } from '../../../core/model/world.ts';
import type { MapLine } from './mapRows.ts';
import { rowsOf } from './rows.ts';

/** Something a search found, and where it lies. */
export interface Hit {
  readonly text: string;
  readonly what: string;
  readonly pid: Pid;
  readonly addr: number;
  readonly tid?: Tid;
}

const MOST = 12;

/** An address as people type or paste it: with or without `0x`, at least five digits, grouped or not. */
export function parseAddress(query: string): number | null {
  const digits = query.trim().replace(/^0x/i, '').replace(/[_\s]/g, '');
  const hexadecimal = /^[0-9a-f]+$/i.test(digits) && (digits.length >= 5 || /^0x/i.test(query.trim()));
  return hexadecimal ? Number.parseInt(digits, 16) : null;
}

/** What a query names: an address, a module or region, a thread, a symbol that a fault has named. */
export function search(
  world: World,
  log: EventLog,
  lines: readonly MapLine[],
  pid: Pid,
  query: string,
): readonly Hit[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const hits: Hit[] = [];
  const addr = parseAddress(query);
  if (addr !== null) {
    const region = world.spaces.get(pid)?.at(addr);
    if (region) hits.push({ text: hex(addr), what: region.name || 'mapped memory', pid, addr });
  }
  for (const thread of world.threads.values()) {
    const name = `t${thread.number} ${thread.name ?? ''} ${thread.tid}`.toLowerCase();
    if (thread.tp !== null && name.includes(wanted)) {
      const text = `T${thread.number} ${thread.name ?? thread.tid}`;
      hits.push({ text, what: 'thread, its TCB page', pid: thread.pid, addr: thread.tp, tid: thread.tid });
    }
  }
  for (const line of lines) {
    if (hits.length >= MOST) break;
    if (line.kind !== 'row') continue;
    const module = world.spaces.get(pid)?.moduleAt(line.start);
    const names = `${line.owner} ${line.text} ${module?.path ?? ''} ${line.notes.join(' ')}`.toLowerCase();
    if (names.includes(wanted))
      hits.push({ text: `${line.owner} ${line.text}`.trim(), what: hex(line.start), pid, addr: line.start });
  }
  for (const row of rowsOf(log, 'fault', world.index)) {
    const at = log.facts(row, 'fault')?.instruction;
    if (at?.symbol?.toLowerCase().includes(wanted)) {
      hits.push({
        text: at.symbol,
        what: `symbol in ${at.module ?? 'unknown'}`,
        pid: log.at(row).pid,
        addr: Number(at.address),
      });
    }
  }
  return hits
    .filter((hit, i) => hits.findIndex((h) => h.addr === hit.addr && h.text === hit.text) === i)
    .slice(0, MOST);
}
