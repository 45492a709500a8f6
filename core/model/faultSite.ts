/** Where a fault struck: the thread and page it is about, and the class of what lives there. */
import type { FaultFacts } from '../contract/details.ts';
import type { Addr } from '../contract/ids.ts';
import { asAddr } from '../contract/ids.ts';
import type { EventRow } from './eventLog.ts';
import type { FaultClass } from './faultClasses.ts';
import { isLoaderData, type Label } from './label.ts';
import { labelsOf } from './labels.ts';
import type { Region, Space } from './space.ts';
import { pageOf, type TlsField, tlsFieldAt } from './tls.ts';
import type { Thread, World } from './world.ts';

export interface FaultSite {
  readonly class: FaultClass;
  readonly address: Addr;
  readonly page: Addr;
  readonly space: Space | null;
  readonly region: Region | null;
  readonly label: Label | null;
  /** The thread that acted. */
  readonly thread: Thread | null;
  /** The named piece of TLS at the address, and whose TLS it is. */
  readonly field: TlsField | null;
  readonly fieldOwner: Thread | null;
  /** Offset from the acting thread's own thread pointer, where the address belongs to its TLS. */
  readonly offset: number | null;
}

/** `world` is the one at the fault's row. */
export function faultSite(world: World, row: EventRow, facts: FaultFacts): FaultSite {
  const space = world.spaces.get(row.pid) ?? null;
  const thread = row.tid === null ? null : (world.threads.get(row.tid) ?? null);
  const tp = Number(facts.tp);
  const rseq = thread?.tls?.rseq;
  // The kernel reports its own failed write at address 0; the place is the registered area.
  const at =
    facts.outcome === 'rseq' && Number(facts.address) === 0 && rseq ? Number(rseq.start) : Number(facts.address);
  const address = asAddr(at);
  const region = space?.at(address) ?? null;
  const label = space ? labelsOf(world, space).at(address) : null;
  const [fieldOwner, field] = findField(world, space, thread, address) ?? [null, null];
  // Without TLS facts the ABI's own fields are still known from the thread pointer alone.
  const abi = field ?? (tp !== 0 ? tlsFieldAt(bareTls(facts.tp), address) : null);
  return {
    class: classOf(facts, abi, region, label),
    address,
    page: pageOf(address),
    space,
    region,
    label,
    thread,
    field: abi,
    fieldOwner: fieldOwner ?? (abi ? thread : null),
    offset: abi && (!fieldOwner || fieldOwner === thread) && !abi.detached && tp !== 0 ? address - tp : null,
  };
}

const bareTls = (tp: string) => ({ tp, dtv: null, descriptor: null, rseq: null, slot: null, blocks: [] });

/** The acting thread's own TLS first, then everybody else's of the same address space. */
function findField(
  world: World,
  space: Space | null,
  thread: Thread | null,
  address: number,
): [Thread, TlsField] | null {
  const others = space ? world.threadsOf(space.pid).filter((other) => other !== thread) : [];
  for (const candidate of thread ? [thread, ...others] : others) {
    const field = candidate.tls && candidate.state !== 'exited' ? tlsFieldAt(candidate.tls, address) : null;
    if (field) return [candidate, field];
  }
  return null;
}

function classOf(facts: FaultFacts, field: TlsField | null, region: Region | null, label: Label | null): FaultClass {
  if (facts.outcome === 'rseq') return 'kernel rseq kill';
  if (facts.outcome === 'plain') return region || facts.region ? 'plain segfault' : 'unmapped';
  if (field) return field.class;
  if (!label || label.kind === 'unmapped') return named(facts.region?.name ?? '');
  if (isLoaderData(label)) return 'loader data';
  switch (label.kind) {
    case 'code':
      return 'code';
    case 'relro':
      return 'RELRO';
    case 'data':
    case 'bss':
    case 'rodata':
    case 'shared-section':
      return 'module data';
    case 'file':
      return 'mapped file';
    case 'heap':
      return 'heap';
    case 'stack':
    case 'guard':
      return 'stack';
    case 'tls': // beside the blocks and the descriptor: what ld.so or the stack has on these pages
      return region?.flags.some((flag) => /stack$/i.test(flag)) ? 'stack' : 'loader data';
    default:
      return 'anonymous memory';
  }
}

/** A class from the engine's own note of the region, where the log does not know the page. */
function named(name: string): FaultClass {
  if (name === '[heap]') return 'heap';
  if (name.startsWith('[stack')) return 'stack';
  return name === '' || name.startsWith('[') ? 'anonymous memory' : 'module data';
}
