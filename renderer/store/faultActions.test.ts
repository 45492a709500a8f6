import { expect, test } from 'vitest';
import { commandSchema } from '../../core/contract/commands.ts';
import { asEventIndex } from '../../core/contract/ids.ts';
import { explainFault } from '../../core/model/explain.ts';
import { History } from '../../core/model/history.ts';
import { threads } from '../../core/model/testing/dav1dLayout.ts';
import { syntheticSession } from '../../core/model/testing/synthetic.ts';
import { faultActions } from './faultActions.ts';
import { lastFault } from './selectors/focus.ts';

const log = syntheticSession({ story: 'live' });
const index = asEventIndex(lastFault(log, log.length - 1));
const history = new History(log);
const explanation = explainFault(log, history.at(index), index);
const [main] = threads;

test('at the stop: share the page, open the key, or carry out the one instruction', () => {
  const stopped = [...Array(log.length).keys()].find((row) => row > index && log.kind(row) === 'stop') ?? -1;
  const actions = faultActions(history.at(stopped), explanation, index);
  expect(actions.map(({ name }) => name)).toEqual(['Share this page…', 'Give rights…', 'Step over…']);
  for (const { command, words } of actions) {
    expect(commandSchema.safeParse(command).success).toBe(true);
    expect(words).toMatch(/The log keeps/);
  }
  expect(actions[0]?.command).toMatchObject({
    do: 'tag',
    start: explanation.page.start.toString(16).replace(/^/, '0x'),
    key: 0,
  });
  // Keys 0 and 2 are open; key 1 joins them.
  expect(actions[1]?.command).toEqual({ do: 'rights', tid: main.tid, pkru: 0xffffffc0 });
  expect(actions[2]?.command).toEqual({ do: 'step-over', tid: main.tid });
});

test('before the stop and after the end nothing is stepped over, and an exited thread gets no rights', () => {
  const names = (row: number): string[] => faultActions(history.at(row), explanation, index).map(({ name }) => name);
  expect(names(index)).not.toContain('Step over…');
  expect(names(log.length - 1)).not.toContain('Step over…');
  expect(names(log.length - 1)).not.toContain('Give rights…');
});

test('a page that is shared by now is not offered to be shared', () => {
  const names = faultActions(history.latest(), explanation, index).map(({ name }) => name);
  expect(names).not.toContain('Share this page…');
});
