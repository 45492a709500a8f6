/** The one object that `keyhole record --json` prints. A public interface: add to it, never change it. */
import type { ExitFacts } from './details.ts';

export interface RecordedFault {
  readonly address: string;
  readonly key: number | null;
  readonly rights: string | null;
  readonly thread: number;
  /** `written`: the symbol as its source writes it, where that is another name. */
  readonly instruction: {
    address: string;
    module: string | null;
    symbol: string | null;
    written?: string | undefined;
    text: string;
  };
  readonly accessor: { key: number; name: string } | null;
  readonly owner: { key: number; name: string } | null;
  readonly class: string;
  readonly explanation: string;
}

export interface RecordedTag {
  readonly start: string;
  readonly end: string;
  readonly key: number;
  readonly rule: string;
  readonly thread: number;
  readonly cause: string;
}

export interface RecordSummary {
  readonly exit: ExitFacts | null;
  readonly keys: 'hardware' | 'emulated' | 'none';
  readonly gates: 'program' | 'virtual';
  readonly policy: string;
  readonly threads: readonly { tid: number; name: string | null }[];
  readonly events: { total: number; dropped: number; byKind: Readonly<Record<string, number>> };
  readonly crossings: number;
  readonly faults: readonly RecordedFault[];
  readonly tags: readonly RecordedTag[];
  readonly findings: readonly { class: string; text: string }[];
  /** Only of an attached process. `detached` is null while Keyhole still holds it, or when it ended. */
  readonly attached?: { pid: number; control: 'full' | 'observe'; detached: { left: readonly string[] } | null };
}
