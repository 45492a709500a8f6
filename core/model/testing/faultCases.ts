/** One fault of every class, each at the end of a synthetic session: what the golden explanations are made from. */
import type { FaultFacts, MapFacts } from '../../contract/details.ts';
import { hex, PAGE } from '../../contract/ids.ts';
import type { EventLog } from '../eventLog.ts';
import { onlyRights } from '../rights.ts';
import * as at from './dav1dLayout.ts';
import type { RowInput } from './logBuilder.ts';
import { build, canaryFault } from './synthetic.ts';

export interface FaultCase {
  readonly name: string;
  readonly log: EventLog;
  readonly event: number;
}

interface Input extends Partial<FaultFacts> {
  readonly row?: RowInput;
  /** Tags the page with this key first: by the program, or by hand. */
  readonly tag?: { readonly key: number; readonly cause: 'program' | 'user' };
  /** How the page came there, with key 1. */
  readonly mapping?: MapFacts;
  /** The row itself does not tell the thread's rights either. */
  readonly noRights?: true;
}

const [main, second] = at.threads;
const libc = { address: '0x7f2a1c456789', module: 'libc.so.6', symbol: 'malloc+0x12', text: 'mov rax, [rdi]' };
const at28 = (tp: number): Input => ({ address: hex(tp + 0x28), tp: hex(tp) });

const inputs: Readonly<Record<string, Input>> = {
  canary: {},
  'canary on thread 2': { ...at28(second.tp), row: { tid: second.tid } },
  'canary of another thread': { address: hex(second.tp + 0x28) },
  'pointer guard': { address: hex(main.tp + 0x30), instruction: { ...libc, text: 'ror rdx, 0x11' } },
  'DTV pointer': { address: hex(main.tp + 0x8) },
  'self pointer': { address: hex(main.tp + 0x10) },
  'thread descriptor': { address: hex(main.tp + 0x2d0), access: 'write' },
  'rest of the descriptor': { address: hex(main.tp + 0x104) },
  'robust list': { address: hex(main.tp + 0x2e0) },
  'rseq area, touched by the program': {
    address: hex(second.tp + 0x920),
    tp: hex(second.tp),
    row: { tid: second.tid },
  },
  'rseq area, killed by the kernel': {
    outcome: 'rseq',
    address: '0x0',
    siCode: 128,
    access: 'write',
    tp: hex(second.tp),
    action: 'killed',
    row: { tid: second.tid },
  },
  'rseq area, killed by the kernel, on a page of its own': {
    outcome: 'rseq',
    address: '0x0',
    siCode: 128,
    access: 'write',
    action: 'killed',
    tag: { key: 1, cause: 'user' },
  },
  'stack-pointer slot': { address: hex(at.SLOT + 8), tag: { key: 1, cause: 'user' } },
  'TLS block': { address: hex(main.tp - 0x20) },
  'detached TLS block': { address: hex(at.SLOT + PAGE + 0x10) },
  'module data': { address: '0x7f2a1c5d3120' },
  RELRO: { address: '0x7f2a1c5cf010', tag: { key: 1, cause: 'program' } },
  'loader data': {
    address: '0x7f2a1c723040',
    instruction: { ...libc, module: 'ld-linux-x86-64.so.2', symbol: '__tls_get_addr+0x8' },
  },
  'loader data beside the TCB': { address: hex(at.MAIN_TLS.start + PAGE + 0x40) },
  heap: { address: hex(at.HEAP.start + 0x100), access: 'write', tag: { key: 1, cause: 'program' } },
  stack: { address: hex(at.STACK.start + 0x100), tag: { key: 1, cause: 'program' } },
  'stack of thread 2': { address: hex(0x7f2a10001000), tag: { key: 1, cause: 'user' } },
  code: { address: '0x7f2a1c400010', key: 5, tag: { key: 5, cause: 'program' } },
  anonymous: { address: hex(at.POOL.start), tag: { key: 1, cause: 'program' } },
  'moved with its key': { address: hex(0x7f3000000000), mapping: { name: '', from: '0x7f2000000000' } },
  'grown with its key': { address: hex(0x7f3000000000), mapping: { name: '', flags: ['grown'] } },
  'mapped file': {
    address: hex(0x7f3000000000),
    mapping: { name: '/memfd:ring (deleted)' },
    tag: { key: 1, cause: 'program' },
  },
  'nothing mapped': { outcome: 'plain', address: '0x10', key: null, siCode: 1, region: null },
  'plain write to code': {
    outcome: 'plain',
    address: '0x7f2a1c400010',
    access: 'write',
    key: null,
    siCode: 2,
    region: null,
  },
  'rights unknown': { rights: null, accessor: null, row: { tid: 9999 }, noRights: true },
  'rights of no compartment': { rights: 0xffffff0c, accessor: null },
  'nothing known': {
    access: 'unknown',
    key: null,
    rights: null,
    accessor: null,
    tp: '0x0',
    address: '0x6000000',
    instruction: { address: '0x1', module: null, symbol: null, text: '' },
    region: null,
    row: { tid: 0 },
    noRights: true,
  },
};

export const faultCases = (): readonly FaultCase[] =>
  Object.entries(inputs).map(([name, { row, tag, mapping, noRights, ...changed }]) => {
    const b = build({ story: 'stopped', crossings: 20 });
    const facts = { ...canaryFault('deliver'), ...changed };
    const start = Number(facts.address);
    if (mapping) b.row('map', { start, end: start + PAGE, protAfter: 3, keyAfter: 1 }, mapping);
    if (tag) {
      const page = facts.outcome === 'rseq' ? at.floor(main.tp) + PAGE : at.floor(Number(facts.address));
      const rule = tag.cause === 'user' ? 'manual' : 'none';
      b.row('tag', { start: page, end: page + PAGE, keyAfter: tag.key, cause: tag.cause, rule });
    }
    const rights = noRights ? {} : { rights: facts.rights ?? onlyRights(at.DECODER) };
    const event = b.row('fault', { cause: 'kernel', ...rights, ...row }, facts);
    return { name, log: b.log(), event };
  });
