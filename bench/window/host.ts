/** Keyhole's own server over a synthetic session: a saved one of any size, or one that goes on live. */
import type { Drained, Native } from '../../core/contract/engine.ts';
import type { EventBatch } from '../../core/contract/events.ts';
import type { EngineLaunch } from '../../core/contract/launch.ts';
import { emptyBatch } from '../../core/contract/wire.ts';
import type { Crowd } from '../../core/model/testing/crowd.ts';
import { KeyholeServer } from '../../electron/server/server.ts';
import { Desk } from '../../electron/session/desk.ts';
import { appPaths, findRoot } from '../../electron/session/paths.ts';
import { FakeEngine, FakeNative } from '../../electron/session/testing/fake-native.ts';

/** How often the live engine has something new; the session asks at most once a frame. */
const TICK_MS = 10;

const LAUNCH = { program: '/usr/bin/crowd' } as EngineLaunch;

/** An engine that goes on with a crowd at a steady rate. */
class CrowdEngine extends FakeEngine {
  readonly #crowd: Crowd;
  readonly #rate: number;
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();
  #waiting: EventBatch | null;

  constructor(crowd: Crowd, first: number, rate: number, notify: () => void) {
    super(LAUNCH, notify);
    this.#crowd = crowd;
    this.#rate = rate;
    this.#waiting = crowd.batch(first);
    this.#timer = setInterval(notify, TICK_MS);
  }

  override take(): Drained {
    if (this.#waiting) {
      const batch = this.#waiting;
      this.#waiting = null;
      this.#last = performance.now();
      return { batch, replies: [], done: false };
    }
    const due = Math.floor(((performance.now() - this.#last) * this.#rate) / 1000);
    this.#last += (due * 1000) / this.#rate;
    return { batch: due > 0 ? this.#crowd.batch(due) : emptyBatch(), replies: [], done: false };
  }

  override close(): void {
    clearInterval(this.#timer);
    super.close();
  }
}

export interface Served {
  readonly url: string;
  stop(): void;
}

async function serve(native: Partial<Native>, begin: (desk: Desk) => void): Promise<Served> {
  const paths = appPaths(findRoot(process.cwd()));
  const desk = new Desk({
    native: Object.assign(new FakeNative(), native),
    paths,
    host: 'browser',
    cwd: paths.root,
    env: {},
  });
  begin(desk);
  const server = await KeyholeServer.start(desk);
  return {
    url: server.url,
    stop: () => {
      server.dispose();
      desk.dispose();
    },
  };
}

/** The launch screen: what a page costs that has no session. */
export const serveNothing = (): Promise<Served> => serve({}, () => {});

/** A saved session. */
export const serveLog = (batches: readonly EventBatch[]): Promise<Served> =>
  serve({}, (desk) => {
    const rows = batches.reduce((sum, batch) => sum + batch.count, 0);
    const manifest = { format: 'keyhole' as const, version: 1, keyholeVersion: '', kernel: '', rows, sha256: '' };
    desk.show({ manifest: { ...manifest, created: '' }, batches }, 'crowd');
  });

/** A session that begins with `first` rows and goes on at `rate` rows a second. */
export const serveLive = (crowd: Crowd, first: number, rate: number): Promise<Served> =>
  serve({ launch: (_config, notify) => new CrowdEngine(crowd, first, rate, notify) }, (desk) => {
    desk.launch(LAUNCH, { kind: 'live', title: 'crowd', launchPath: null });
  });
