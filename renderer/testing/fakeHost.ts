/**
 * A host for tests of the window alone: it plays a synthetic session and answers commands as a session would. It
 * knows three launch files (`tag-all`, `split`, `live`) and keeps every command it was sent.
 */
import type { Command, ProcessInfo, RecentLaunch } from '../../core/contract/commands.ts';
import type { PlanStep } from '../../core/contract/details.ts';
import type { EventBatch } from '../../core/contract/events.ts';
import { hex } from '../../core/contract/ids.ts';
import type { Host, Request, ToRenderer } from '../../core/contract/messages.ts';
import type { SymbolModule, SymbolsFound } from '../../core/contract/symbols.ts';
import { decodeBatch, encodeBatch } from '../../core/contract/wire.ts';
import { threads } from '../../core/model/testing/dav1dLayout.ts';
import { build, type Story } from '../../core/model/testing/synthetic.ts';
import { fromBase64, toBase64 } from '../store/files.ts';

interface PlayOptions {
  readonly crossings?: number;
  /** So many rows a frame; else all at once. */
  readonly rows?: number;
  /** So many rows come, and then no more. */
  readonly upTo?: number;
  /** As a saved session, not a live one. */
  readonly saved?: boolean;
}

export interface FakeHost extends Host {
  readonly sent: readonly Command[];
  /** Say that there is no session. */
  none(): void;
  /** Begin the given story. */
  play(story: Story, options?: PlayOptions): void;
}

const stories: readonly Story[] = ['tag-all', 'split', 'live'];

/** What was launched before, by file and by hand. */
const recent: readonly RecentLaunch[] = [
  { title: 'dav1d -i clip.ivf', path: '/examples/split.json', launch: null },
  { title: 'python3 -m http.server', path: null, launch: { program: 'python3', args: ['-m', 'http.server'] } },
];

const processes: readonly ProcessInfo[] = [
  { pid: 4121, name: 'dav1d', line: 'dav1d -i clip.ivf -o /dev/null' },
  { pid: 4190, name: 'dav1d', line: 'dav1d --threads 4 -i a-clip-with-a-long-name.ivf -o /dev/null' },
];

/** Bytes of a page that look like something. */
const pageBytes = (size: number): string =>
  Array.from({ length: size }, (_, i) => ((i * 37 + (i >> 4)) & 0x7f).toString(16).padStart(2, '0')).join('');

/** What `split` would share in the synthetic session: each thread's TCB page. */
const splitPlan: readonly PlanStep[] = threads.map((thread) => {
  const page = thread.tp - (thread.tp % 4096);
  return { start: hex(page), end: hex(page + 4096), key: 0, rule: 'R6', what: `TCB page of ${thread.name}` };
});

/** One library's file is there, with two functions and a variable; those of the others are not. */
function symbolsNamed(text: string, modules: readonly SymbolModule[]): SymbolsFound {
  const there = modules.findIndex(({ path }) => path.includes('libdav1d'));
  const symbols = [
    { name: 'dav1d_open', offset: 0x5100, size: 1504, kind: 'function' },
    { name: 'dav1d_close', offset: 0x56e0, size: 96, kind: 'function' },
    { name: 'dav1d_cpu_flags', offset: 0x1b8010, size: 4, kind: 'object' },
  ] as const;
  const found =
    there < 0 ? [] : symbols.filter(({ name }) => name.includes(text)).map((each) => ({ ...each, module: there }));
  const unknown = modules.flatMap(({ path }, module) =>
    module === there ? [] : [{ module, why: `${path} is not on this machine` }],
  );
  return { found, count: found.length, unknown };
}

/** A host that leaves the commands of the given names without an answer. */
export function fakeHost(unanswered: readonly string[] = []): FakeHost {
  const listeners = new Set<(message: ToRenderer) => void>();
  const sent: Command[] = [];
  let log = build({ story: 'live', crossings: 0 });
  const tell = (message: ToRenderer): void => {
    for (const listener of listeners) listener(message);
  };

  const open = (title: string, batch: EventBatch): void => {
    tell({ type: 'source', source: { kind: 'snapshot', title, rows: batch.count } });
    tell({ type: 'batch', batch });
  };

  const play: FakeHost['play'] = (story, { crossings = 1500, rows, upTo, saved = false } = {}) => {
    log = build({ story, crossings });
    if (saved) tell({ type: 'source', source: { kind: 'snapshot', title: `${story}.keyhole`, rows: log.length } });
    else
      tell({
        type: 'source',
        source: { kind: 'live', title: `dav1d-split, ${story}`, launchPath: `/examples/${story}.json` },
      });
    const end = upTo ?? log.length;
    let at = 0;
    const next = (): void => {
      const to = Math.min(end, at + (rows ?? end));
      tell({ type: 'batch', batch: log.batch(at, to) });
      at = to;
      if (at < end) requestAnimationFrame(next);
    };
    next();
  };

  const none = (): void => tell({ type: 'source', source: { kind: 'none' } });

  const answer = (command: Command): unknown => {
    switch (command.do) {
      case 'examples':
        return stories.map((story) => ({
          path: `/examples/${story}.json`,
          example: 'dav1d-split',
          title: `dav1d under ${story}`,
          policy: story === 'live' ? 'slot-only' : story,
        }));
      case 'recent':
        return recent;
      case 'processes':
        return processes;
      case 'read':
        return pageBytes(command.size);
      case 'symbols':
        return symbolsNamed(command.text, command.modules);
      case 'symbol-at':
        return symbolsNamed('', [command.module]);
      case 'launch-file': {
        const story = stories.find((each) => command.path.includes(each));
        if (!story) throw new Error(`${command.path}: no such launch file`);
        play(command.policy === 'split' ? 'split' : story);
        return undefined;
      }
      case 'verify': {
        log.row('mark', { cause: 'user' }, { text: 'compared with the kernel, no difference' });
        tell({ type: 'batch', batch: log.batch(log.length - 1) });
        return [];
      }
      case 'launch':
        throw new Error(`program: ${command.launch.program} is not executable`);
      case 'plan':
        return command.policy === 'split' ? splitPlan : [];
      case 'save':
        return { name: 'session.keyhole', base64: toBase64(encodeBatch(log.batch())) };
      case 'close':
        return none();
      case 'open-bytes':
        open(command.name, decodeBatch(fromBase64(command.base64)));
        return undefined;
      default:
        return undefined;
    }
  };

  return {
    sent,
    none,
    play,
    send: (request: Request) => {
      sent.push(request.command);
      if (unanswered.includes(request.command.do)) return;
      try {
        const value = answer(request.command);
        queueMicrotask(() => tell({ type: 'reply', id: request.id, value }));
      } catch (error) {
        tell({ type: 'reply', id: request.id, error: error instanceof Error ? error.message : String(error) });
      }
    },
    onMessage: (listener) => {
      listeners.add(listener);
      // Later than the store's own setting up, as a real host is.
      setTimeout(() => listener({ type: 'hello', host: 'browser', version: '0.1.0', hasPku: false }));
      return () => listeners.delete(listener);
    },
  };
}
