/** One page in headless Chromium and what can be measured of it from outside. */
import { readFileSync } from 'node:fs';
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { scriptOfFrames, type TraceEvent, traceFile, turnsOf } from './frames.ts';

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc'],
  });

/** Bytes a page holds: what its JavaScript can reach, and what its process has in memory for itself. */
export interface Memory {
  readonly heap: number;
  readonly resident: number;
}

export class Measured {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #cdp: CDPSession;

  private constructor(browser: Browser, page: Page, cdp: CDPSession) {
    this.#browser = browser;
    this.page = page;
    this.#cdp = cdp;
  }

  static async open(browser: Browser): Promise<Measured> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(recordLatency);
    page.setDefaultTimeout(120_000);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new Measured(browser, page, cdp);
  }

  close(): Promise<void> {
    return this.page.close();
  }

  async memory(): Promise<Memory> {
    await this.#cdp.send('HeapProfiler.collectGarbage');
    const used = (await this.#cdp.send('Runtime.getHeapUsage')) as Record<string, number>;
    const heap = (used.usedSize ?? 0) + (used.embedderHeapUsedSize ?? 0) + (used.backingStorageSize ?? 0);
    return { heap, resident: await this.#resident() };
  }

  /** Private memory of the largest renderer process. */
  async #resident(): Promise<number> {
    const session = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => privateBytes(id));
    return Math.max(0, ...sizes);
  }

  /** Seconds of processor time that the page's main thread has used. */
  async cpu(): Promise<number> {
    const { metrics } = await this.#cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN;
  }

  /** Script time in ms of every frame while `work` goes on. */
  async scriptDuring(work: () => Promise<void>): Promise<number[]> {
    return scriptOfFrames(await this.#traced(['devtools.timeline', 'v8.execute', 'benchmark'], work));
  }

  /** Processor time in ms of each turn of the main thread while `work` goes on: input waits for at most one of them. */
  async turnsDuring(work: () => Promise<void>): Promise<number[]> {
    return turnsOf(await this.#traced(['devtools.timeline', 'v8.execute', 'toplevel'], work));
  }

  async #traced(categories: string[], work: () => Promise<void>): Promise<TraceEvent[]> {
    await this.#browser.startTracing(this.page, { categories });
    await work();
    const trace = await this.#browser.stopTracing();
    return traceFile.parse(JSON.parse(trace.toString())).traceEvents;
  }

  /** Latencies in ms from each input since the last call to the frame after it. */
  latencies(): Promise<number[]> {
    return this.page.evaluate(() => (window as unknown as { latencies: number[] }).latencies.splice(0));
  }

  /** Begins to note the times between frames. */
  followFrames(): Promise<void> {
    return this.page.evaluate(() => (window as unknown as { follow: () => void }).follow());
  }

  /** Times between frames since the last call, in ms. */
  frameTimes(): Promise<number[]> {
    return this.page.evaluate(() => (window as unknown as { frames: number[] }).frames.splice(0));
  }
}

function privateBytes(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kib = [...rollup.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)].map((match) => Number(match[1]));
    return kib.reduce((sum, n) => sum + n, 0) * 1024;
  } catch {
    return 0; // gone meanwhile
  }
}

/** Runs in the page before anything else. */
function recordLatency(): void {
  const latencies: number[] = [];
  const frames: number[] = [];
  Object.assign(window, { latencies, frames });
  const heard = (event: Event): void => {
    const began = event.timeStamp;
    // The frame is over once a message that was posted in it is delivered.
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => latencies.push(performance.now() - began);
      channel.port2.postMessage(0);
    });
  };
  for (const kind of ['click', 'keydown', 'wheel'])
    window.addEventListener(kind, heard, { capture: true, passive: true });
  // Only on demand: a loop of frames would make every frame look cheap.
  const follow = (): void => {
    let last = 0;
    const tick = (now: number): void => {
      if (last > 0) frames.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  };
  Object.assign(window, { follow });
}
