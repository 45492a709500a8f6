import type { Pid, Tid } from '../../../core/contract/ids.ts';
import { hex } from '../../../core/contract/ids.ts';
import type { EventLog } from '../../../core/model/eventLog.ts';
import type { MapIndex } from '../../../core/model/mapIndex.ts';
import { shortModule, symbolWords } from '../../../core/model/names.ts';
import { fsOffset, tlsFieldAt } from '../../../core/model/tls.ts';
import { tlsVariables } from '../../../core/model/tlsSymbols.ts';
import { mapRow } from './mapRows.ts';
import { rowsOf } from './rows.ts';

/** Something a search found, and where it lies. */
export interface Hit {
  readonly text: string;
  readonly what: string;
  /** As the linker calls it, where that is another name. */
  readonly symbol?: string;
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

/** `%fs:-0x20`, `fs:[0x28]`, `TP+0x28`: bytes from the thread pointer. */
export function parseOffset(query: string): number | null {
  const [, sign, digits] =
    /^(?:%?fs:\[?|tp(?=[+-]))([+-]?)(?:0x)?([0-9a-f]{1,8})\]?$/i.exec(query.replace(/\s/g, '')) ?? [];
  if (digits === undefined) return null;
  const bytes = Number.parseInt(digits, 16);
  return sign === '-' ? -bytes : bytes;
}

/** What lies at an offset from the thread pointer, in each thread whose TLS is known. */
function atOffset({ world, space }: MapIndex, offset: number): Hit[] {
  return world.threadsOf(space.pid).flatMap(({ tls, number, tid }) => {
    if (!tls) return [];
    const addr = Number(tls.tp) + offset;
    const variable = tlsVariables(space, tls).findLast(({ start, size }) => start <= addr && addr < start + size);
    const field = variable ? `${variable.name} of ${shortModule(variable.module)}` : tlsFieldAt(tls, addr)?.name;
    return [
      {
        text: `T${number} ${fsOffset(offset)}: ${field ?? 'nothing named'}`,
        what: hex(addr),
        pid: space.pid,
        addr,
        tid,
      },
    ];
  });
}

/** Thread-local variables of that name, each thread's own. */
function variablesNamed({ world, space }: MapIndex, wanted: string): Hit[] {
  return world.threadsOf(space.pid).flatMap(({ tls, number, tid }) =>
    (tls ? tlsVariables(space, tls) : [])
      .filter(({ name, symbol }) => `${name} ${symbol}`.toLowerCase().includes(wanted))
      .map(({ name, module, start }) => ({
        text: `${name} of T${number}`,
        what: `thread-local of ${shortModule(module)}, ${hex(start)}`,
        pid: space.pid,
        addr: start,
        tid,
      })),
  );
}

/** The first lines with pages of a key that is named as `key 2` or by its compartment. */
function linesOfKey(index: MapIndex, wanted: string): number[] {
  const number = /^key\s*(\d{1,2})$/.exec(wanted)?.[1];
  const named = index.world.session?.compartments.find(({ name }) => name.toLowerCase() === wanted)?.key;
  const key = number === undefined ? named : Number(number);
  const found: number[] = [];
  if (key === undefined || key > 15) return found;
  for (let i = 0; i < index.length && found.length < MOST; i++) if (index.keys(i) & (1 << key)) found.push(i);
  return found;
}

/** What a line of the map is called, in small letters: what a filter and a search look in. */
export function lineNames(index: MapIndex, line: number): string {
  const { owner, text, module } = index.label(line);
  let set = '';
  // A line is named by its first piece; address space set aside may stand anywhere on it.
  if (owner === '') {
    index.visit(line, (_start, _end, prot) => {
      if (prot === 0) set = ' reserved, no access';
    });
  }
  return `${owner} ${text} ${module?.path ?? ''}${set}`.toLowerCase();
}

/**
 * What a query names: an address, an offset from the thread pointer, a key, a thread, a module or region, a
 * symbol: of thread-local variables, faults and their callers, since a log has no other functions by name.
 */
export function search(log: EventLog, index: MapIndex, query: string): readonly Hit[] {
  const { world, space } = index;
  const { pid } = space;
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const hits: Hit[] = [];
  const offset = parseOffset(query);
  if (offset !== null) return atOffset(index, offset).slice(0, MOST);
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
  for (const i of linesOfKey(index, wanted)) {
    const row = mapRow(index, i);
    const text = `${row.owner} ${row.text}`.trim();
    hits.push({ text, what: `${wanted}, ${hex(row.start)}`, pid, addr: row.start });
  }
  for (let i = 0; i < index.length && hits.length < MOST; i++) {
    const own = lineNames(index, i);
    // What a line says of its carve-outs is made only where there can be one.
    const notes = index.keys(i) & (index.keys(i) - 1) ? mapRow(index, i).notes.join(' ').toLowerCase() : '';
    if (!own.includes(wanted) && !notes.includes(wanted)) continue;
    hits.push({
      text: `${index.label(i).owner} ${mapRow(index, i).text}`.trim(),
      what: hex(index.start(i)),
      pid,
      addr: index.start(i),
    });
  }
  hits.push(...variablesNamed(index, wanted));
  for (const row of rowsOf(log, 'fault', world.index)) {
    if (hits.length >= MOST) break;
    const facts = log.facts(row, 'fault');
    for (const at of facts ? [facts.instruction, ...(facts.backtrace ?? [])] : []) {
      const text = symbolWords(at);
      if (text === null || ![at.symbol, text].some((name) => name?.toLowerCase().includes(wanted))) continue;
      const what = `symbol in ${at.module ?? 'unknown'}`;
      hits.push({ text, what, pid: log.at(row).pid, addr: Number(at.address) });
    }
  }
  return hits
    .filter((hit, i) => hits.findIndex((h) => h.addr === hit.addr && h.text === hit.text) === i)
    .slice(0, MOST);
}
