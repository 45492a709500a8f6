/**
 * Headless Chromium and tabs of it that nobody watches. Playwright starts the browser; its own pages have the browser
 * report every WebSocket frame as text, which costs a megabyte of log about ten milliseconds of the page's main thread
 * and more of everybody else's processors. So tabs are spoken to with the few commands that are needed, in a context that Playwright leaves alone.
 */
import { type Browser, type CDPSession, chromium } from '@playwright/test';
import { z } from 'zod';
import { type TraceEvent, traceFile } from './frames.ts';

const answer = z.object({
  id: z.int(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ message: z.string() }).optional(),
});
type Answer = z.infer<typeof answer>;

const SIZE = { width: 1440, height: 900 };

export class Chromium {
  readonly #browser: Browser;
  readonly #root: CDPSession;

  private constructor(browser: Browser, root: CDPSession) {
    this.#browser = browser;
    this.#root = root;
  }

  static async launch(): Promise<Chromium> {
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc'],
    });
    return new Chromium(browser, await browser.newBrowserCDPSession());
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /** A tab in a window of its own, with nothing in it. */
  async open(): Promise<Tab> {
    const root = this.#root;
    const { browserContextId } = await root.send('Target.createBrowserContext');
    const { targetId } = await root.send('Target.createTarget', { url: 'about:blank', browserContextId, ...SIZE });
    const { sessionId } = await root.send('Target.attachToTarget', { targetId, flatten: false });
    const tab = new Tab(root, sessionId, async () => {
      await root.send('Target.closeTarget', { targetId });
      await root.send('Target.disposeBrowserContext', { browserContextId });
    });
    await tab.send('Page.enable');
    await tab.send('Inspector.enable'); // or nobody would hear of a crash
    await tab.send('Performance.enable', { timeDomain: 'threadTicks' });
    await tab.send('Emulation.setDeviceMetricsOverride', { ...SIZE, deviceScaleFactor: 1, mobile: false });
    await tab.send('Emulation.setFocusEmulationEnabled', { enabled: true });
    return tab;
  }

  /** What the browser's processes did while `work` went on. */
  async traced(categories: string[], work: () => Promise<void>): Promise<TraceEvent[]> {
    await this.#browser.startTracing(undefined, { categories });
    await work();
    const trace = await this.#browser.stopTracing();
    return traceFile.parse(JSON.parse(trace.toString())).traceEvents;
  }

  /** The processes that draw pages. */
  async renderers(): Promise<number[]> {
    const { processInfo } = await this.#root.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  }
}

/** One tab. What it answers is trusted to be what the command is documented to answer. */
export class Tab {
  readonly #root: CDPSession;
  readonly #session: string;
  readonly #close: () => Promise<void>;
  readonly #waiting = new Map<number, (answered: Answer) => void>();
  readonly #hear: (event: { sessionId: string; message: string }) => void;
  #last = 0;

  constructor(root: CDPSession, session: string, close: () => Promise<void>) {
    this.#root = root;
    this.#session = session;
    this.#close = close;
    this.#hear = ({ sessionId, message }) => {
      if (sessionId !== session) return; // another tab's
      const heard = answer.safeParse(JSON.parse(message));
      if (heard.success) this.#answered(heard.data);
      else if (message.includes('"Inspector.targetCrashed"'))
        for (const id of [...this.#waiting.keys()]) this.#answered({ id, error: { message: 'the page has crashed' } });
    };
    root.on('Target.receivedMessageFromTarget', this.#hear);
  }

  #answered(to: Answer): void {
    this.#waiting.get(to.id)?.(to);
    this.#waiting.delete(to.id);
  }

  async close(): Promise<void> {
    this.#root.off('Target.receivedMessageFromTarget', this.#hear);
    await this.#close();
  }

  /** A command of the DevTools protocol and its answer. Throws what the browser says against it. */
  async send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#last;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    await this.#root.send('Target.sendMessageToTarget', { sessionId: this.#session, message });
    const { result, error } = await answered;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  /** Goes to a page; it has begun to load then. */
  async goto(url: string): Promise<void> {
    const { errorText } = await this.send('Page.navigate', { url });
    if (errorText !== undefined) throw new Error(`${url}: ${String(errorText)}`);
  }

  /** What a function answers that runs in the page; it sees nothing but its argument. */
  async evaluate<T, A = undefined>(work: (given: A) => T | Promise<T>, given?: A): Promise<T> {
    const expression = `(${work})(${given === undefined ? '' : JSON.stringify(given)})`;
    const answered = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    const { result, exceptionDetails } = answered as { result: { value: T }; exceptionDetails?: object };
    if (exceptionDetails) throw new Error(`in the page: ${JSON.stringify(exceptionDetails)}`);
    return result.value;
  }
}
