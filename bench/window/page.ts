/** One tab of headless Chromium and what can be measured of it from outside. */
import { readFileSync } from 'node:fs';
import type { Chromium, Tab } from './chromium.ts';
import { scriptOfFrames, turnsOf } from './frames.ts';
import { Hand } from './hand.ts';

/** How long the tab's window has to come up before anything is asked of it. */
const WINDOW_MS = 1000;
const LONGEST_WAIT_MS = 120_000;

/** Bytes a page holds: what its JavaScript can reach, and what its process has in memory for itself. */
export interface Memory {
  readonly heap: number;
  readonly resident: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Metric {
  readonly name: string;
  readonly value: number;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Measured {
  readonly tab: Tab;
  readonly hand: Hand;
  readonly #chromium: Chromium;

  private constructor(chromium: Chromium, tab: Tab) {
    this.#chromium = chromium;
    this.tab = tab;
    this.hand = new Hand(tab);
  }

  static async open(chromium: Chromium): Promise<Measured> {
    const tab = await chromium.open();
    await tab.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${recordLatency})()` });
    await pause(WINDOW_MS);
    return new Measured(chromium, tab);
  }

  close(): Promise<void> {
    return this.tab.close();
  }

  /** Waits until the page has an element. */
  async there(selector: string): Promise<void> {
    for (const began = performance.now(); performance.now() - began < LONGEST_WAIT_MS; await pause(50)) {
      if (await this.tab.evaluate((wanted) => document.querySelector(wanted) !== null, selector)) return;
    }
    throw new Error(`${selector} is not on the page`);
  }

  /** Where the first such element is. */
  async box(selector: string): Promise<Box> {
    const box = await this.tab.evaluate((wanted) => {
      const found = document.querySelector(wanted)?.getBoundingClientRect();
      return found ? { x: found.x, y: found.y, width: found.width, height: found.height } : null;
    }, selector);
    if (!box) throw new Error(`${selector} is not on the page`);
    return box;
  }

  async memory(): Promise<Memory> {
    await this.tab.send('HeapProfiler.collectGarbage');
    const used = (await this.tab.send('Runtime.getHeapUsage')) as Record<string, number>;
    const heap = (used.usedSize ?? 0) + (used.embedderHeapUsedSize ?? 0) + (used.backingStorageSize ?? 0);
    return { heap, resident: Math.max(0, ...(await this.#chromium.renderers()).map(privateBytes)) };
  }

  /** Seconds of processor time that the page's main thread has used. */
  async cpu(): Promise<number> {
    const { metrics } = (await this.tab.send('Performance.getMetrics')) as { metrics: Metric[] };
    return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN;
  }

  /** Script time in ms of every frame while `work` goes on. */
  async scriptDuring(work: () => Promise<void>): Promise<number[]> {
    return scriptOfFrames(await this.#chromium.traced(['devtools.timeline', 'v8.execute', 'benchmark'], work));
  }

  /** Processor time in ms of each turn of the main thread while `work` goes on: input waits for at most one of them. */
  async turnsDuring(work: () => Promise<void>): Promise<number[]> {
    return turnsOf(await this.#chromium.traced(['devtools.timeline', 'v8.execute', 'toplevel'], work));
  }

  /** Latencies in ms from each input since the last call to the frame after it. */
  latencies(): Promise<number[]> {
    return this.tab.evaluate(() => (window as unknown as { latencies: number[] }).latencies.splice(0));
  }

  /** Steps back by one event; answers the ms until a frame in which the panels show that instant too. */
  stepBack(): Promise<number> {
    return this.tab.evaluate(async () => {
      const began = performance.now();
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
      const shown = (): boolean => {
        const bar = document.querySelector('[aria-label="Instant shown"] [title]')?.getAttribute('title') ?? '';
        const instant = /^event ([\d,]+) of/.exec(bar)?.[1];
        const facts = [...document.querySelectorAll('[aria-label="Session"] dd')];
        return instant !== undefined && facts.some((fact) => fact.textContent?.startsWith(`${instant} of `));
      };
      do await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      while (!shown());
      return performance.now() - began;
    });
  }

  /** Begins to note the times between frames. */
  followFrames(): Promise<void> {
    return this.tab.evaluate(() => (window as unknown as { follow: () => void }).follow());
  }

  /** Times between frames since the last call, in ms. */
  frameTimes(): Promise<number[]> {
    return this.tab.evaluate(() => (window as unknown as { frames: number[] }).frames.splice(0));
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
