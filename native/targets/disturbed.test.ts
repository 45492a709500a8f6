/** Who looks at a program all the time, stops it and lets it go on, changes nothing of what it does. */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { presets } from '../../core/contract/policies.ts';
import { recordSummary } from '../../core/model/summary.ts';
import { cases, launchOf } from './cases.ts';
import { LiveProgram } from './live.ts';
import { root } from './record.ts';

const live = new LiveProgram();
const commands = [{ do: 'verify' }, { do: 'pause' }, { do: 'continue' }, { do: 'plan', policy: presets.split }];
/** What is answered where the program is no longer, or not yet, there. */
const TOO_LATE_OR_EARLY = /the program has (ended|not reached its startup yet)/;

beforeAll(() => live.build());
afterEach(() => live.end());

it.each(cases)('$name', async (target) => {
  const session = live.start(launchOf(target, join(root, 'build/targets')));
  let ended = false;
  void session.ended.then(() => {
    ended = true;
  });
  for (let i = 0; !ended; i++) {
    const command = commands[i % commands.length] ?? { do: 'verify' };
    const answer = await session.command(command).catch((error: Error) => {
      expect(error.message).toMatch(TOO_LATE_OR_EARLY);
    });
    if (command.do === 'verify') expect(answer ?? []).toEqual([]);
    await setImmediate();
  }
  await session.ended;
  const { exit, faults, findings } = recordSummary(live.log);
  expect(live.output).not.toContain('FAILED');
  expect(exit).toEqual(target.exit ?? { code: 0 });
  expect(faults.filter(({ key }) => key !== null)).toHaveLength((target.denied ?? []).length);
  expect(findings.filter((finding) => finding.class === 'model-differs')).toEqual([]);
});
