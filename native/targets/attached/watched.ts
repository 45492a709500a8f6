/** A session attached to a process, with its log as it grows. */
import type { Native } from '../../../core/contract/engine.ts';
import type { EventKind } from '../../../core/contract/events.ts';
import { EventLog } from '../../../core/model/eventLog.ts';
import { History } from '../../../core/model/history.ts';
import { type AppPaths, appPaths } from '../../../electron/session/paths.ts';
import { type AttachWishes, resolveAttach } from '../../../electron/session/resolve-attach.ts';
import { Session } from '../../../electron/session/session.ts';

export class Watched {
  readonly session: Session;
  readonly log = new EventLog();

  /** Throws the engine's word when the process cannot be attached to. */
  constructor(native: Native, root: string, pid: number, wishes: AttachWishes = { keys: 'auto' }) {
    const { helper }: AppPaths = appPaths(root);
    const engine = resolveAttach(pid, wishes, { where: 'test', helper, hasPku: native.hasPku() });
    this.session = Session.attach(native, engine, { kind: 'live', title: 'test', launchPath: null });
    this.session.subscribe({ batch: (batch) => this.log.append(batch) });
  }

  command(command: object): Promise<unknown> {
    return this.session.command(command);
  }

  /** Lets go of the process and waits until that is done. */
  async detach(): Promise<void> {
    await this.command({ do: 'detach' });
    await this.session.ended;
  }

  world(): ReturnType<History['latest']> {
    return new History(this.log).latest();
  }

  rows(kind: EventKind): number[] {
    return [...Array(this.log.length).keys()].filter((row) => this.log.kind(row) === kind);
  }
}
