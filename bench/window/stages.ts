/** What is measured of the window, step by step as a person would work with it. */
import { Crowd, type CrowdOptions } from '../../core/model/testing/crowd.ts';
import type { Chromium } from './chromium.ts';
import { growth, quantile } from './frames.ts';
import { serveLive, serveLog, serveNothing } from './host.ts';
import { slowness } from './machine.ts';
import { type Box, Measured, type Memory, pause } from './page.ts';

export interface Sizes extends CrowdOptions {
  readonly events: number;
  /** Seconds that the live session lasts. */
  readonly live: number;
  readonly rate: number;
  readonly jumps: number;
}

/** One line of the table: what was asked for and what came of it. */
export interface Line {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** At most this much; null where nothing was asked for. */
  readonly limit: number | null;
}

const line = (what: string, value: number, unit: string, limit: number | null = null): Line => ({
  what,
  value,
  unit,
  limit,
});

/** The whole log is there and drawn: the instant names the last event, the map and the lanes have content. */
async function usefulPaint(measured: Measured, url: string, events: number): Promise<number> {
  await measured.tab.goto(url);
  return measured.tab.evaluate(async (rows) => {
    const there = (): boolean => {
      const shown = document.querySelector('[aria-label="Instant shown"] [title]')?.getAttribute('title') ?? '';
      if (!shown.includes(`of ${rows}`) || document.querySelector('.lane canvas') === null) return false;
      return document.querySelector('[aria-label="Page map"]')?.textContent?.includes('libpart') === true;
    };
    while (!there()) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now();
  }, events.toLocaleString('en-US'));
}

async function emptyPage(chromium: Chromium): Promise<Memory> {
  const nothing = await serveNothing();
  const measured = await Measured.open(chromium);
  await measured.tab.goto(nothing.url);
  await measured.there('[aria-label="Examples"]');
  const memory = await measured.memory();
  await measured.close();
  nothing.stop();
  return memory;
}

const MAP = '[aria-label="Page map"]';
const TIMELINES = '[aria-label="Timelines"]';

/** A place well inside a box, where its content is. */
const inside = ({ x, y, width, height }: Box) => ({ x: x + width * 0.6, y: y + height * 0.7 });

const FRAMES = 90;

/** Wheels over a region at the rate of frames: panning, then with Ctrl in and out. */
async function panAndZoom(measured: Measured, region: string, zooms: boolean): Promise<number[]> {
  const { hand } = measured;
  const { x, y } = inside(await measured.box(region));
  await hand.move(x, y);
  return measured.scriptDuring(async () => {
    for (let i = 0; i < FRAMES; i++) {
      await hand.wheel(i % 45 < 30 ? 600 : -400);
      await pause(8);
    }
    if (!zooms) return;
    for (let i = 0; i < FRAMES; i++) {
      await hand.wheel(i % 30 < 15 ? -120 : 120, 'ctrl');
      await pause(8);
    }
  });
}

/** Clicks on lanes that show the whole run, at random instants. */
async function jumps(measured: Measured, count: number): Promise<number[]> {
  await measured.tab.evaluate(() => document.querySelector<HTMLElement>('.lane-label')?.focus());
  await measured.hand.press('0');
  await pause(500);
  const box = await measured.box('.lane canvas');
  await measured.latencies();
  for (let i = 0; i < count; i++) {
    const at = (i * 0.6180339887) % 1;
    await measured.hand.click(box.x + 2 + at * (box.width - 80), box.y + 30);
    await pause(60);
  }
  return measured.latencies();
}

/** A saved session of all events: opening it, moving about in it, what it holds. */
export async function savedSession(chromium: Chromium, sizes: Sizes): Promise<Line[]> {
  const crowd = new Crowd(sizes);
  const batches = Array.from({ length: Math.ceil(sizes.events / 50_000) }, (_, i) =>
    crowd.batch(Math.min(50_000, sizes.events - i * 50_000)),
  );
  const empty = await emptyPage(chromium);
  const served = await serveLog(batches);
  const measured = await Measured.open(chromium);
  try {
    const paint = await usefulPaint(measured, served.url, sizes.events);
    const paintCpu = await measured.cpu();
    const slow = slowness();
    await pause(1000);
    const opened = await measured.memory();
    const map = await panAndZoom(measured, MAP, true);
    const lanes = await panAndZoom(measured, TIMELINES, false);
    const before = await measured.cpu();
    const jumped = await jumps(measured, sizes.jumps);
    const jumpCpu = (await measured.cpu()) - before;
    const used = await measured.memory();
    const perEvent = (memory: Memory, of: keyof Memory): number => (memory[of] - empty[of]) / sizes.events;
    return [
      line('first useful paint', paint / 1000, 's', 2),
      line('first useful paint: processor time of the page', paintCpu, 's'),
      line('the machine then: time that passes for processor time', slow, 'x'),
      line('page map, pan and zoom: script a frame, p95', quantile(map, 0.95), 'ms', 16),
      line('page map, pan and zoom: script a frame, median', quantile(map, 0.5), 'ms'),
      line('timelines, zoom: script a frame, p95', quantile(lanes, 0.95), 'ms', 16),
      line('jump to an instant: input to frame, p95', quantile(jumped, 0.95), 'ms', 50),
      line('jump to an instant: input to frame, median', quantile(jumped, 0.5), 'ms'),
      line('jump to an instant: processor time each', (1000 * jumpCpu) / sizes.jumps, 'ms'),
      line('memory an event over the empty page, opened', perEvent(opened, 'heap'), 'bytes', 120),
      line('memory an event over the empty page, after use', perEvent(used, 'heap'), 'bytes', 120),
      line('private memory of the process an event, after use', perEvent(used, 'resident'), 'bytes'),
    ];
  } finally {
    await measured.close();
    served.stop();
  }
}

/** Rounds of work under a trace, after those that are timed: a trace costs time itself. */
const TRACED_ROUNDS = 12;
const STEPS = 40;

/** A wheel, a click and a key, as a person does while the program runs. */
async function liveRound({ hand }: Measured, map: { readonly x: number; readonly y: number }, round: number) {
  await hand.move(map.x, map.y);
  await hand.wheel(round % 8 < 4 ? 300 : -300);
  await pause(200);
  await hand.click(map.x - 60 * (round % 5), map.y);
  await pause(200);
  await hand.press(round % 3 === 2 ? 'l' : 'ArrowLeft');
  await pause(200);
}

/** A live session while a person works: keys, clicks and wheels a few times a second. */
export async function liveSession(chromium: Chromium, sizes: Sizes): Promise<Line[]> {
  const first = Math.min(sizes.events, 200_000);
  const served = await serveLive(new Crowd(sizes), first, sizes.rate);
  const measured = await Measured.open(chromium);
  try {
    await measured.tab.goto(served.url);
    await measured.there(TIMELINES);
    const map = inside(await measured.box(MAP));
    await pause(2000);
    await measured.latencies();
    await measured.followFrames();
    const [began, cpu, before] = [performance.now(), await measured.cpu(), slowness()];
    const frames: number[][] = [];
    const work: number[] = [];
    let [since, used] = [began, cpu];
    for (let round = 0; performance.now() - began < sizes.live * 1000; round++) {
      await liveRound(measured, map, round);
      if (round % 3 !== 2) continue;
      frames.push(await measured.frameTimes());
      const [now, total] = [performance.now(), await measured.cpu()];
      work.push((total - used) / ((now - since) / 1000));
      [since, used] = [now, total];
    }
    const busy = ((await measured.cpu()) - cpu) / ((performance.now() - began) / 1000);
    const latency = await measured.latencies();
    const turns = await measured.turnsDuring(async () => {
      for (let round = 0; round < TRACED_ROUNDS; round++) await liveRound(measured, map, round);
    });
    const steps: number[] = [];
    for (let round = 0; round < STEPS; round++) {
      await pause(200);
      steps.push(await measured.stepBack());
    }
    const medians = frames.map((times) => quantile(times, 0.5));
    const means = frames.map((times) => times.reduce((sum, ms) => sum + ms, 0) / Math.max(1, times.length));
    return [
      line('live: input to frame, p95', quantile(latency, 0.95), 'ms', 50),
      line('live: input to frame, median', quantile(latency, 0.5), 'ms'),
      line('live: a step until every panel shows it, p95', quantile(steps, 0.95), 'ms'),
      line('live: a step until every panel shows it, median', quantile(steps, 0.5), 'ms'),
      line('live: a turn of the main thread, processor time, p99', quantile(turns, 0.99), 'ms'),
      line('live: a turn of the main thread, processor time, longest', quantile(turns, 1), 'ms'),
      line('live: main thread at work', 100 * busy, '%'),
      line('live: time between frames, median', quantile(medians, 0.5), 'ms'),
      line('live: growth of the frame time over the run', 100 * growth(means), '%', 10),
      line('live: growth of the main thread’s work over the run', 100 * growth(work), '%'),
      line('the machine then: time that passes for processor time', (before + slowness()) / 2, 'x'),
      line('live: events received', await eventsShown(measured), 'events'),
    ];
  } finally {
    await measured.close();
    served.stop();
  }
}

async function eventsShown({ hand, tab }: Measured): Promise<number> {
  await hand.press('l');
  await pause(500);
  const title = await tab.evaluate(
    () => document.querySelector('[aria-label="Instant shown"] [title]')?.getAttribute('title') ?? '',
  );
  return Number((/of ([\d,]+)/.exec(title)?.[1] ?? 'NaN').replaceAll(',', ''));
}
