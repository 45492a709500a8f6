/** The naive peer: the same events as a Chrome trace, drawn by a plain recharts page, as large as it manages. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { eventKinds } from '../../core/contract/events.ts';
import { Crowd } from '../../core/model/testing/crowd.ts';
import type { Chromium } from './chromium.ts';
import { pause } from './page.ts';
import type { Line, Sizes } from './stages.ts';

const LIMIT_MS = 60_000;

/** Rows of a crowd in the trace event format. */
function traceOf(crowd: Crowd, rows: number): string {
  const { columns } = crowd.batch(rows);
  const events = Array.from({ length: rows }, (_, i) => ({
    name: eventKinds[columns.kind[i] ?? 0],
    ph: 'i',
    ts: (columns.time[i] ?? 0) / 1000,
    pid: columns.pid[i],
    tid: columns.tid[i],
    args: { start: columns.start[i], end: columns.end[i], key: columns.keyAfter[i], rights: columns.rights[i] },
  }));
  return JSON.stringify({ traceEvents: events });
}

/** Seconds until the page has drawn `rows` events, or null past the limit. */
async function drawn(chromium: Chromium, script: string, sizes: Sizes, rows: number): Promise<number | null> {
  const trace = traceOf(new Crowd(sizes), rows);
  const server = createServer((request, response) => {
    const [type, body] =
      request.url === '/trace.json'
        ? ['application/json', trace]
        : request.url === '/page.js'
          ? ['text/javascript', script]
          : ['text/html', '<!doctype html><div id="root"></div><script type="module" src="page.js"></script>'];
    response.writeHead(200, { 'Content-Type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const tab = await chromium.open();
  try {
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    // A page that is at work does not even answer how far it is.
    const at = tab.evaluate(async () => {
      for (; !Reflect.has(window, 'drawnAt'); ) await new Promise((resolve) => setTimeout(resolve, 100));
      return Number(Reflect.get(window, 'drawnAt')) / 1000;
    });
    return await Promise.race([at, pause(LIMIT_MS).then(() => null)]);
  } finally {
    await tab.close();
    server.close();
    server.closeAllConnections();
  }
}

/** Twice as many events each time until it takes too long; the last that worked is the peer's best. */
export async function naivePeer(chromium: Chromium, sizes: Sizes, ours: number): Promise<Line[]> {
  const page = fileURLToPath(new URL('../../bench/window/peer/page.tsx', import.meta.url));
  const bundled = await build({
    entryPoints: [page],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const script = bundled.outputFiles[0]?.text ?? '';
  const lines: Line[] = [];
  for (let rows = Math.min(5000, sizes.events); rows <= sizes.events; rows *= 2) {
    const seconds = await drawn(chromium, script, sizes, rows);
    if (seconds === null) break;
    lines.splice(0, lines.length, ...ratio(rows, seconds, sizes.events, ours));
    if (seconds > LIMIT_MS / 3000) break;
  }
  return lines;
}

const ratio = (rows: number, seconds: number, events: number, ours: number): Line[] => [
  { what: 'recharts page: most events that were tried', value: rows, unit: 'events', limit: null },
  { what: 'recharts page: until they are drawn', value: seconds, unit: 's', limit: null },
  {
    what: 'recharts page: time an event, times ours',
    value: seconds / rows / (ours / events),
    unit: 'x',
    limit: null,
  },
];
