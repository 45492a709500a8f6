/** What a browser trace says about frames: how long script ran for each. Pure. */
import { z } from 'zod';

const event = z.object({
  name: z.string(),
  ph: z.string(),
  ts: z.number(),
  dur: z.number().optional(),
  /** Processor time of the thread; what others took from it meanwhile is not in it. */
  tdur: z.number().optional(),
  pid: z.number(),
  tid: z.number(),
  args: z.record(z.string(), z.unknown()).optional(),
});
export type TraceEvent = z.infer<typeof event>;
export const traceFile = z.object({ traceEvents: z.array(event) });

/** Everything that runs a page's JavaScript; one inside another counts once. */
const SCRIPT: ReadonlySet<string> = new Set([
  ...['EvaluateScript', 'FunctionCall', 'FireAnimationFrame', 'TimerFire', 'EventDispatch', 'RunMicrotasks'],
  ...['v8.callFunction', 'v8.run', 'FireIdleCallback', 'MajorGC', 'MinorGC', 'HandlePostMessage'],
]);
/** A frame with less script did nothing of note. */
const IDLE_MS = 0.5;
const FRAME = 'ProxyMain::BeginMainFrame';
const TURN = 'ThreadControllerImpl::RunTask';

/** The main thread of the renderer that ran the most script. */
function mainThread(events: readonly TraceEvent[]): { pid: number; tid: number } | null {
  const spent = new Map<string, { pid: number; tid: number; total: number }>();
  for (const { name, ph, pid, tid, dur } of events) {
    if (ph !== 'X' || !SCRIPT.has(name)) continue;
    const at = spent.get(`${pid}/${tid}`) ?? { pid, tid, total: 0 };
    at.total += dur ?? 0;
    spent.set(`${pid}/${tid}`, at);
  }
  return [...spent.values()].sort((a, b) => b.total - a.total)[0] ?? null;
}

/** Script of each frame in ms of processor time, garbage collection included; what ran before a frame counts towards it. */
export function scriptOfFrames(events: readonly TraceEvent[]): number[] {
  const main = mainThread(events);
  if (!main) return [];
  const own = events.filter((each) => each.pid === main.pid && each.tid === main.tid).sort((a, b) => a.ts - b.ts);
  const frames: number[] = [];
  let script = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const each of own) {
    if (each.name === FRAME) {
      frames.push(script / 1000);
      script = 0;
    } else if (each.ph === 'X' && SCRIPT.has(each.name)) {
      const end = each.ts + (each.dur ?? 0);
      if (each.ts >= until) script += each.tdur ?? each.dur ?? 0;
      until = Math.max(until, end);
    }
  }
  frames.push(script / 1000);
  // The first belongs to what came before the measurement; frames without work would make the others look cheap.
  return frames.slice(1).filter((ms) => ms >= IDLE_MS);
}

/** Processor time in ms of each turn of the main thread: what it does before it looks for input again. */
export function turnsOf(events: readonly TraceEvent[]): number[] {
  const main = mainThread(events);
  return events
    .filter(({ name, ph, pid, tid }) => ph === 'X' && name === TURN && pid === main?.pid && tid === main.tid)
    .map(({ tdur, dur }) => (tdur ?? dur ?? 0) / 1000)
    .filter((ms) => ms >= IDLE_MS);
}

/** The value that a share `q` of the numbers does not exceed; NaN of none. */
export function quantile(numbers: readonly number[], q: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** Least-squares change of evenly spaced numbers from the first to the last, as a share of their mean. */
export function growth(numbers: readonly number[]): number {
  const n = numbers.length;
  if (n < 2) return 0;
  const mean = numbers.reduce((sum, x) => sum + x, 0) / n;
  const middle = (n - 1) / 2;
  const over = numbers.reduce((sum, x, i) => sum + (i - middle) * (x - mean), 0);
  const under = numbers.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return mean === 0 ? 0 : ((over / under) * (n - 1)) / mean;
}
