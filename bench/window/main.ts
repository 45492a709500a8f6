/** `npm run bench:window`: what the window can carry, measured in headless Chromium with software rendering. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Chromium } from './chromium.ts';
import { naivePeer } from './peer.ts';
import { type Line, liveSession, type Sizes, savedSession } from './stages.ts';

const usage = `usage: npm run bench:window -- [--json FILE] [--events N] [--live SECONDS] [--full] [--no-peer] [--smoke]
  --events   rows of the saved session (1000000)
  --live     how long the live session lasts (60)
  --full     a live session of 300 seconds, as the limits were set for
  --no-peer  without the recharts page over the same events
  --smoke    tiny sizes, no limits: shows that the measurement itself works`;

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    events: { type: 'string', default: '1000000' },
    live: { type: 'string', default: '60' },
    full: { type: 'boolean', default: false },
    'no-peer': { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const full: Sizes = {
  events: Number(values.events),
  live: values.full ? 300 : Number(values.live),
  ...{ threads: 200, regions: 50_000, pages: 4_000_000, step: 20_000, rate: 50_000, jumps: 60 },
};
const tiny: Sizes = {
  ...{ events: 20_000, live: 4, threads: 10, regions: 500, pages: 20_000, step: 20_000, rate: 5_000, jumps: 5 },
};
const sizes = values.smoke ? tiny : full;

const chromium = await Chromium.launch();
const lines: Line[] = [];
try {
  lines.push(...(await savedSession(chromium, sizes)));
  lines.push(...(await liveSession(chromium, sizes)));
  if (!values['no-peer']) lines.push(...(await naivePeer(chromium, sizes, lines[0]?.value ?? Number.NaN)));
} finally {
  await chromium.close();
}

console.log(
  `${sizes.events.toLocaleString('en-US')} events, ${sizes.threads} threads, ${sizes.regions.toLocaleString('en-US')} regions; ` +
    `live for ${sizes.live} s at ${sizes.rate.toLocaleString('en-US')} events a second`,
);
const ok = ({ value, limit }: Line): boolean => limit === null || value <= limit;
for (const line of lines) {
  const asked = line.limit === null ? '' : ok(line) ? `(at most ${line.limit})` : `MISSED (at most ${line.limit})`;
  console.log(
    `${line.what.padEnd(56)} ${line.value.toFixed(1).padStart(10)} ${line.unit.padEnd(6)} ${asked}`.trimEnd(),
  );
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ sizes, lines }, null, 2)}\n`);
// The smoke run only shows that every number can be had.
const failed = values.smoke ? lines.some(({ value }) => Number.isNaN(value)) : !lines.every(ok);
process.exitCode = failed ? 1 : 0;
