/** The parts of a module: code, read-only data, RELRO, data, and what was shared on purpose. */
import { type Label, type LabelKind, makeLabel } from './label.ts';
import type { Module } from './space.ts';
import { pageOf, pageUp } from './tls.ts';

interface Part {
  readonly start: number;
  readonly end: number;
}

/** The parts of a module as numbers, and a label for each kind of part. */
export class ModuleParts {
  readonly #module: Module;
  readonly #relro: Part | null;
  readonly #shared: Part | null;
  readonly #segments: readonly (Part & { readonly prot: number })[];
  readonly #labels = new Map<LabelKind, Label>();
  #edges: readonly number[] | null = null;

  constructor(module: Module) {
    const { relro, shared, segments } = module.facts;
    this.#module = module;
    this.#relro = relro && wholePages(relro);
    this.#shared = shared && wholePages(shared);
    this.#segments = segments.map((segment) => ({ ...wholePages(segment), prot: segment.prot }));
  }

  /** Where one part may end and another begin. */
  get edges(): readonly number[] {
    this.#edges ??= [...this.#segments, this.#relro, this.#shared].flatMap((part) =>
      part ? [part.start, part.end] : [],
    );
    return this.#edges;
  }

  at(addr: number, ofRegion: number | null, name: string): Label {
    if (holds(this.#relro, addr)) return this.#of('relro', 'RELRO');
    if (holds(this.#shared, addr)) return this.#of('shared-section', 'shared section');
    let prot = ofRegion ?? 0;
    for (const segment of this.#segments) {
      if (!holds(segment, addr)) continue;
      prot = segment.prot;
      break;
    }
    if (prot & 4) return this.#of('code', 'code');
    if (prot & 2) return name === '' ? this.#of('bss', '.bss') : this.#of('data', '.data');
    return prot === 0 ? this.#of('reservation', 'gap, no access') : this.#of('rodata', 'read-only data');
  }

  #of(kind: LabelKind, text: string): Label {
    const known = this.#labels.get(kind);
    if (known) return known;
    const made = makeLabel(kind, text, this.#module.short, { module: this.#module });
    this.#labels.set(kind, made);
    return made;
  }
}

const wholePages = (range: { readonly start: string; readonly end: string }): Part => ({
  start: pageOf(Number(range.start)),
  end: pageUp(Number(range.end)),
});
const holds = (part: Part | null, addr: number): boolean => part !== null && part.start <= addr && addr < part.end;

const moduleParts = new WeakMap<Module, ModuleParts>();

/** The parts of a module, made once. */
export function partsOf(module: Module): ModuleParts {
  let parts = moduleParts.get(module);
  if (!parts) {
    parts = new ModuleParts(module);
    moduleParts.set(module, parts);
  }
  return parts;
}
