import { expect, test } from 'vitest';
import { eventKinds } from '../../../core/contract/events.ts';
import { LogBuilder } from '../../../core/model/testing/logBuilder.ts';
import { syntheticSession } from '../../../core/model/testing/synthetic.ts';
import { eventWords } from './eventWords.ts';

test('every event of a session reads as a sentence', () => {
  for (const story of ['live', 'paused'] as const) {
    const log = syntheticSession({ story, crossings: 50 });
    for (let row = 0; row < log.length; row++) expect(eventWords(log, row)).toMatch(/^[A-Z].*[^.]\.$/);
  }
});

test('a row of any kind without its detail still reads', () => {
  const builder = new LogBuilder();
  for (const kind of eventKinds) builder.row(kind, { start: 0x1000, end: 0x3000, tid: 5, pid: 5 });
  const log = builder.log();
  eventKinds.forEach((_, row) => {
    expect(eventWords(log, row)).not.toContain('undefined');
  });
  expect(eventWords(log, eventKinds.indexOf('unmap'))).toBe('Unmapped 2 pages.');
  expect(eventWords(log, eventKinds.indexOf('tag'))).toBe('Gave 2 pages an unknown key.');
});
