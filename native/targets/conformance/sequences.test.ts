/** Over real recordings: what is taken from them must not depend on the run. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LogBuilder } from '../../../core/model/testing/logBuilder.ts';
import { type Case, cases, launchOf } from '../cases.ts';
import { gatedLaunch } from '../gated.ts';
import { record, root } from '../record.ts';
import { differences } from './compare.ts';
import { sequencesOf } from './sequences.ts';

const programs = join(root, 'build/targets');
const named = (name: string): Case => {
  const found = cases.find((one) => one.name === name);
  if (!found) throw new Error(`no case ${name}`);
  return found;
};

describe.each([
  ['fork_in_thread', launchOf(named('fork_in_thread'), programs)],
  ['mmap_over_tagged', launchOf(named('mmap_over_tagged'), programs)],
  ['timer_signals', launchOf(named('timer_signals'), programs)],
  ['gate_denied', gatedLaunch('gate_denied', programs)],
])('%s', (_name, launch) => {
  const [first, second] = [sequencesOf(record(launch).log), sequencesOf(record(launch).log)];

  it('is the same in two runs', () => {
    expect(differences(first, second)).toEqual([]);
  });

  it('names threads by birth and holds no address', () => {
    expect([...first.keys()].every((thread) => /^0(\.\d+)*$/.test(thread))).toBe(true);
    const lines = [...first.values()].flat();
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.join('\n')).not.toMatch(/\b[0-9a-f]{9,}\b/);
  });
});

it('a SIGCHLD is of the process, whichever of its threads was handed it', () => {
  const handedTo = (tid: number): ReturnType<typeof sequencesOf> => {
    const log = new LogBuilder();
    log.pid = log.tid = 10;
    log.row('process-birth', {}, {});
    log.row('thread-birth', { tid: 11 }, { parent: 10 });
    log.row('signal', { tid }, { signal: 'SIGCHLD', siCode: 1, disposition: 'ignored' });
    return sequencesOf(log.log());
  };
  expect([...handedTo(11)]).toEqual([...handedTo(10)]);
  expect(handedTo(11).get('0')?.at(-1)).toMatch(/^signal SIGCHLD/);
});
