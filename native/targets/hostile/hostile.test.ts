/** The engine against programs that fight it: whatever they do, the run ends in time and the record is whole. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EventLog } from '../../../core/model/eventLog.ts';
import { recordSummary } from '../../../core/model/summary.ts';
import { openSnapshot } from '../../../electron/session/snapshot.ts';
import { PATIENCE_MS } from '../patience.ts';
import { cli, record, root, withFolder } from '../record.ts';
import { hostile } from './cases.ts';
import { leftBehind } from './left.ts';

beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});

describe.each(hostile)('$name', ({ name, args = [], exit, findings = [], chance = [], events = {}, huge }) => {
  it('ends as it must, with everything told', () => {
    const program = join(root, 'build/targets/hostile', name);
    const { summary, log, output } = record({ program, args: [...args], policy: 'observe', keys: 'emulated' }, !huge);
    expect(output).not.toContain('FAILED');
    expect(summary.exit).toEqual(exit ?? { code: 0 });
    if (!exit) expect(output).toMatch(/^ok$/m);

    const seen = new Set<string>();
    for (let i = 0; i < log.length; i++) {
      const facts = log.facts(i, 'finding');
      if (facts) seen.add(facts.class);
    }
    expect([...seen].filter((one) => !chance.includes(one)).sort()).toEqual([...findings].sort());

    const { byKind, dropped, total } = summary.events;
    expect({ dropped, total }).toEqual({ dropped: 0, total: log.length });
    expect(byKind).toMatchObject(events);
    expect(byKind['thread-exit']).toBe(byKind['thread-birth']);
    expect(byKind['process-exit']).toBe(byKind['process-birth']);
    expect(leftBehind(program)).toEqual([]);
  });
});

it('a host whose standard streams are closed runs and records a program all the same', () => {
  withFolder((folder) => {
    const snapshot = join(folder, 'run.keyhole');
    const program = join(root, 'build/targets/tag_and_read');
    const command = 'exec "$0" "$1" record --policy observe -o "$2" -- "$3" <&- >&- 2>&-';
    const words = ['-c', command, process.execPath, cli, snapshot, program];
    expect(spawnSync('/bin/sh', words, { timeout: PATIENCE_MS, killSignal: 'SIGKILL' }).status).toBe(0);
    const log = new EventLog();
    for (const batch of openSnapshot(snapshot).batches) log.append(batch);
    const { exit, faults, events } = recordSummary(log);
    expect({ exit, faults: faults.length, dropped: events.dropped }).toEqual({
      exit: { code: 0 },
      faults: 2,
      dropped: 0,
    });
  });
});
