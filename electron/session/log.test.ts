import { expect, test } from 'vitest';
import { concatBatches } from '../../core/contract/wire.ts';
import { EventLog } from './log.ts';
import { OutputText } from './output-text.ts';
import { packBatches, unpackBatches } from './pack.ts';
import { shortLife } from './testing/scene.ts';

test('batches that do not follow each other are refused', () => {
  const life = shortLife();
  const log = new EventLog();
  log.appendEngine(life.batch(0, 2));
  const gap = { ...life.batch(2), firstDetail: 9 };
  expect(() => log.appendEngine(gap)).toThrow('the log is broken: details go on at 9, 3 expected');
  expect(log.rows).toBe(2);
});

test('a batch without details fits wherever it comes', () => {
  const life = shortLife();
  const log = new EventLog();
  log.append({ ...life.batch(3, 4), firstDetail: 1, details: [] });
  log.append({ ...life.batch(3, 4), firstDetail: 77, details: [] });
  log.appendOutput('stdout', 'x');
  expect(concatBatches(log.batches).count).toBe(3);
});

test('many small batches are packed into few frames and come back as the same rows', () => {
  const log = new EventLog();
  const life = shortLife();
  for (let row = 0; row < life.length; row++) log.appendEngine(life.batch(row, row + 1));
  const bytes = packBatches(log.batches);
  const batches = unpackBatches(bytes);
  expect(batches).toHaveLength(1);
  expect(concatBatches(batches)).toEqual(concatBatches(log.batches));
  expect(unpackBatches(packBatches([]))).toEqual([]);
});

test('a frame that claims more than there is is refused', () => {
  const bytes = packBatches([shortLife().batch()]);
  expect(() => unpackBatches(bytes.slice(0, -8))).toThrow('cut short at byte 0');
  expect(() => unpackBatches(bytes.slice(0, 5))).toThrow('cut short at byte 0');
});

test('output is kept up to a bound, and the bound is said once', () => {
  const kept: string[] = [];
  const text = new OutputText((_stream, part) => kept.push(part));
  for (let i = 0; i < 100; i++) text.write('stdout', Buffer.alloc(1 << 16, 'a'));
  text.end();
  expect(kept.join('')).toHaveLength((4 << 20) + '\n[Keyhole keeps the first 4 MiB of output]\n'.length);
});

test('characters that arrive in two halves are put together, by stream', () => {
  const kept: [string, string][] = [];
  const text = new OutputText((stream, part) => kept.push([stream, part]));
  const euro = Buffer.from('€');
  text.write('stdout', euro.subarray(0, 1));
  text.write('stderr', Buffer.from('x'));
  text.write('stdout', euro.subarray(1));
  text.end();
  expect(kept).toEqual([
    ['stderr', 'x'],
    ['stdout', '€'],
  ]);
});
